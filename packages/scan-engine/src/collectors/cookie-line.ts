import { cookieDateMs } from './cookie-date.ts';

/** What one `Set-Cookie` header or one `document.cookie = …` asks for, before the browser decides about it. */
export interface CookieRequest {
  readonly name: string;
  readonly value: string;
  /** Domain attribute in lower case without leading dot; null when absent or empty, which means host-only. */
  readonly domain: string | null;
  /** Path that the cookie gets: the attribute, or the default path of the address. */
  readonly path: string;
  /** Seconds of life asked for, 0 or less for a deletion; null for a session cookie. */
  readonly lifetimeSeconds: number | null;
  readonly httpOnly: boolean;
  readonly secure: boolean;
  readonly sameSite: 'Strict' | 'Lax' | 'None' | 'unset';
  readonly partitioned: boolean;
}

/** Longer attributes are passed over. @see RFC 6265bis section 5.6 */
const ATTRIBUTE_LENGTH_MAX = 1_024;

/**
 * Reads a cookie line the way browsers do.
 *
 * @param line - the header's value or the string assigned to `document.cookie`
 * @param address - the response's or the document's URL, for the default path; may be any text
 * @param nowMs - Unix milliseconds, for `Expires`
 * @see https://www.rfc-editor.org/rfc/rfc6265#section-5.2
 */
export function parseCookieLine(line: string, address: string, nowMs: number): CookieRequest {
  const [pair = '', ...attributes] = line.split(';');
  const separator = pair.indexOf('=');
  const name = separator === -1 ? '' : pair.slice(0, separator).trim();
  const value = separator === -1 ? pair.trim() : pair.slice(separator + 1).trim();
  const last = new Map<string, string>();
  for (const attribute of attributes) {
    const at = attribute.indexOf('=');
    if (attribute.length - at - 1 > ATTRIBUTE_LENGTH_MAX) continue;
    const key = (at === -1 ? attribute : attribute.slice(0, at)).trim().toLowerCase();
    last.set(key, at === -1 ? '' : attribute.slice(at + 1).trim());
  }
  const path = last.get('path');
  return {
    name,
    value,
    domain: last.get('domain')?.replace(/^\./, '').toLowerCase() || null,
    path: path?.startsWith('/') ? path : defaultPath(address),
    lifetimeSeconds: lifetimeSeconds(last.get('max-age'), last.get('expires'), nowMs),
    httpOnly: last.has('httponly'),
    secure: last.has('secure'),
    sameSite: sameSite(last.get('samesite')),
    partitioned: last.has('partitioned'),
  };
}

/** Max-Age wins over Expires; what cannot be read counts as absent. */
function lifetimeSeconds(
  maxAge: string | undefined,
  expires: string | undefined,
  nowMs: number,
): number | null {
  if (maxAge !== undefined && /^[-+]?\d+$/.test(maxAge))
    return Math.min(Number(maxAge), Number.MAX_SAFE_INTEGER);
  const expiresMs = expires === undefined ? null : cookieDateMs(expires);
  return expiresMs === null ? null : Math.round((expiresMs - nowMs) / 1000);
}

function sameSite(text: string | undefined): CookieRequest['sameSite'] {
  switch (text?.toLowerCase()) {
    case 'strict':
      return 'Strict';
    case 'lax':
      return 'Lax';
    case 'none':
      return 'None';
    default:
      return 'unset';
  }
}

/** The directory of the address's path. @see https://www.rfc-editor.org/rfc/rfc6265#section-5.1.4 */
function defaultPath(address: string): string {
  if (!URL.canParse(address)) return '/';
  const { pathname } = new URL(address);
  const end = pathname.lastIndexOf('/');
  return end <= 0 ? '/' : pathname.slice(0, end);
}
