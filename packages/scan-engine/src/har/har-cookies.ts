import { parseCookieLine } from '../collectors/cookie-line.ts';
import { decodeHeader } from '../collectors/header-text.ts';
import type { ReceivedHeaders, SentHeaders } from './har-exchange.ts';
import type { HarCookie } from './har-format.ts';

/** Largest time a date can hold. */
const TIME_MAX_MS = 8.64e15;

/** Cookies that went out with a request, with their attributes where the browser told them. */
export function sentCookies(sent: SentHeaders | null, cookieHeader: string | null): HarCookie[] {
  const told = (sent?.cookies ?? []).filter(({ blockedReasons }) => blockedReasons.length === 0);
  if (told.length > 0 || cookieHeader === null) {
    return told.map(({ cookie }) => ({
      name: cookie.name,
      value: cookie.value,
      path: cookie.path,
      domain: cookie.domain,
      ...(cookie.session ? {} : { expires: isoTime(cookie.expires * 1_000) }),
      httpOnly: cookie.httpOnly,
      secure: cookie.secure,
      ...(cookie.sameSite ? { sameSite: cookie.sameSite } : {}),
    }));
  }
  return cookieHeader.split(/; ?/).map((pair) => {
    const at = pair.indexOf('=');
    return {
      name: pair.slice(0, Math.max(0, at)),
      value: pair.slice(at + 1),
      httpOnly: false,
      secure: false,
    };
  });
}

/**
 * Cookies that an answer asked to set, also those that the browser refused.
 *
 * @param nowMs - when the answer came, in Unix milliseconds
 */
export function setCookies(
  lines: readonly string[],
  received: ReceivedHeaders | null,
  url: string,
  nowMs: number,
): HarCookie[] {
  const refusals = new Map(
    [...(received?.blocked ?? [])].map(([line, reasons]) => [decodeHeader(line), reasons]),
  );
  return lines.map((line) => {
    const cookie = parseCookieLine(line, url, nowMs);
    const reasons = refusals.get(line);
    return {
      name: cookie.name,
      value: cookie.value,
      path: cookie.path,
      ...(cookie.domain === null ? {} : { domain: cookie.domain }),
      ...(cookie.lifetimeSeconds === null
        ? {}
        : { expires: isoTime(nowMs + cookie.lifetimeSeconds * 1_000) }),
      httpOnly: cookie.httpOnly,
      secure: cookie.secure,
      ...(cookie.sameSite === 'unset' ? {} : { sameSite: cookie.sameSite }),
      ...(reasons ? { comment: `refused by the browser: ${reasons.join(', ')}` } : {}),
    };
  });
}

function isoTime(unixMs: number): string {
  return new Date(Math.min(TIME_MAX_MS, Math.max(-TIME_MAX_MS, unixMs))).toISOString();
}
