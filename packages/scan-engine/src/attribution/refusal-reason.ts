import type { CookieRequest } from '../collectors/cookie-line.ts';

/** Bytes of name and value together that a browser accepts. @see RFC 6265bis section 5.6 */
const PAIR_BYTES_MAX = 4_096;

/**
 * Why a browser refuses a cookie that a script wrote, in the words of the protocol's `SetCookieBlockedReason`.
 * For writes by script the browser itself gives no reason in most cases; these are its documented rules.
 *
 * @param address - document that the script ran for
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis section 5.7
 */
export function refusalReason(cookie: CookieRequest, address: string): string {
  const url = URL.canParse(address) ? new URL(address) : null;
  const isSecureContext = url?.protocol === 'https:';
  if (cookie.name === '' && cookie.value === '') return 'NoCookieContent';
  if (Buffer.byteLength(cookie.name) + Buffer.byteLength(cookie.value) > PAIR_BYTES_MAX) return 'NameValuePairExceedsMaxSize';
  if (/^__host-/i.test(cookie.name) && (!cookie.secure || cookie.domain !== null || cookie.path !== '/')) return 'InvalidPrefix';
  if (/^__secure-/i.test(cookie.name) && !cookie.secure) return 'InvalidPrefix';
  if (cookie.domain !== null && url && !domainMatches(url.hostname, cookie.domain)) return 'InvalidDomain';
  if (cookie.secure && !isSecureContext) return 'SecureOnly';
  if (cookie.sameSite === 'None' && !cookie.secure) return 'SameSiteNoneInsecure';
  if (cookie.partitioned && !cookie.secure) return 'SecureOnly';
  return 'UnknownError';
}

function domainMatches(host: string, domain: string): boolean {
  return host === domain || host.endsWith(`.${domain}`);
}
