import type { CookieObservation } from '@cookie-scanner/contracts';
import { cookieFlags } from './cookie-flags.ts';
import { cookieLifetime, type CookieLifetime } from './cookie-lifetime.ts';
import type { CookieSummary } from './observation-summary.ts';
import { setterChain } from './setter-chain.ts';
import { byKeys } from './sort-order.ts';

/** Cookies with lifetime, flags and setter chain worked out, sorted for reading: first-party before third-party. */
export function summariseCookies(
  cookies: readonly CookieObservation[],
  scan: { readonly startedAt: string; readonly durationMs: number },
): CookieSummary[] {
  return cookies
    .map((cookie) => ({
      cookie,
      lifetime: cookieLifetime(cookie, scan),
      flags: cookieFlags(cookie),
      chain: setterChain(cookie.setBy),
    }))
    .sort(
      byKeys(({ cookie }) => [
        cookie.party,
        bareDomain(cookie),
        cookie.name,
        cookie.path,
        cookie.partitionKey ?? '',
      ]),
    );
}

/** The longest lifetime among the cookies; null when none outlives the session. */
export function longestLifetime(cookies: readonly CookieSummary[]): CookieLifetime | null {
  let longest: CookieLifetime | null = null;
  for (const { lifetime } of cookies) {
    if (lifetime !== null && (longest === null || lifetime.seconds > longest.seconds)) longest = lifetime;
  }
  return longest;
}

function bareDomain({ domain }: CookieObservation): string {
  return domain.replace(/^\./, '');
}
