import { getPublicSuffix } from 'tldts';
import type { CookieRequest } from '../collectors/cookie-line.ts';

/** Bytes of name and value together that a browser accepts. @see RFC 6265bis section 5.6 */
const PAIR_BYTES_MAX = 4_096;

/**
 * Why a browser refused a cookie without giving a reason, in the words of the protocol's `SetCookieBlockedReason`,
 * by its documented rules; `NotStored` when no rule explains it.
 *
 * @param address - response or document that tried to set it
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis section 5.7
 */
export function refusalReason(cookie: CookieRequest, address: string): string {
  const url = URL.canParse(address) ? new URL(address) : null;
  const isSecureContext = url?.protocol === 'https:';
  if (cookie.name === '' && cookie.value === '') return 'NoCookieContent';
  if (Buffer.byteLength(cookie.name) + Buffer.byteLength(cookie.value) > PAIR_BYTES_MAX)
    return 'NameValuePairExceedsMaxSize';
  if (/^__host-/i.test(cookie.name) && (!cookie.secure || cookie.domain !== null || cookie.path !== '/'))
    return 'InvalidPrefix';
  if (/^__secure-/i.test(cookie.name) && !cookie.secure) return 'InvalidPrefix';
  if (cookie.domain !== null && url && !isAllowedDomain(url.hostname, cookie.domain)) return 'InvalidDomain';
  if (cookie.secure && !isSecureContext) return 'SecureOnly';
  if (cookie.sameSite === 'None' && !cookie.secure) return 'SameSiteNoneInsecure';
  if (cookie.partitioned && !cookie.secure) return 'SecureOnly';
  return 'NotStored';
}

/** A host may set cookies for itself and for the domains above it, up to its registrable domain. */
function isAllowedDomain(host: string, domain: string): boolean {
  if (host === domain) return true;
  const suffix = getPublicSuffix(host, { allowPrivateDomains: true }) ?? '';
  return host.endsWith(`.${domain}`) && !`.${suffix}`.endsWith(`.${domain}`);
}
