import type { PresetCookie } from '@cookie-scanner/contracts';
import type { Protocol } from '../browser/cdp.ts';
import type { BrowserContext } from '../browser/browser-context.ts';
import { readCookieJar, type JarCookie } from '../collectors/cookie-jar.ts';
import { isProtocolFailure } from '../browser/browser-failure.ts';

/** A cookie that the visitor was to bring along. */
export interface BroughtCookie {
  readonly name: string;
  /** As the jar would hold it: with a leading dot unless host-only. */
  readonly domain: string;
  /** As the jar holds it; null when the browser did not take it. */
  readonly inJar: JarCookie | null;
}

/** Puts cookies into the jar of a context before anything is visited. One that the browser refuses is left out. */
export async function presetCookies(
  context: BrowserContext,
  cookies: readonly PresetCookie[],
  startUrl: string,
): Promise<BroughtCookie[]> {
  for (const cookie of cookies) {
    const request = { cookies: [cookieParam(cookie, startUrl)], browserContextId: context.id };
    await context.root.send('Storage.setCookies', request).catch((error: unknown) => {
      if (!isProtocolFailure(error)) throw error;
    });
  }
  const jar = cookies.length === 0 ? [] : await readCookieJar(context.root, context.id);
  return cookies.map(({ name, domain, path }) => {
    const scope = (domain ?? new URL(startUrl).hostname).toLowerCase();
    const inJar = jar.find((held) => held.name === name && held.domain === scope && held.path === path);
    return { name, domain: scope, inJar: inJar ?? null };
  });
}

function cookieParam(cookie: PresetCookie, startUrl: string): Protocol.Network.CookieParam {
  const start = new URL(startUrl);
  const { domain, secure, sameSite, expiresAt, ...same } = cookie;
  const isSecure = secure ?? start.protocol === 'https:';
  const host = domain?.replace(/^\./, '') ?? start.hostname;
  return {
    ...same,
    // The address makes it host-only; only a domain makes it one for all hosts below.
    url: `${isSecure ? 'https' : 'http'}://${host}/`,
    ...(domain?.startsWith('.') ? { domain } : {}),
    secure: isSecure,
    ...(sameSite === null ? {} : { sameSite }),
    ...(expiresAt === null ? {} : { expires: Date.parse(expiresAt) / 1_000 }),
  };
}
