/** Longest host that a column takes; the DNS allows 253 characters. */
const DOMAIN_LENGTH_MAX = 255;

/**
 * The host that a scan of this URL is filed under: in small letters, without port and without a trailing dot; null when
 * the URL names none.
 */
export function scanDomain(url: string): string | null {
  if (!URL.canParse(url)) return null;
  const host = new URL(url).hostname.replace(/\.+$/, '').toLowerCase();
  return host === '' || host.length > DOMAIN_LENGTH_MAX ? null : host;
}
