import { domainToUnicode } from 'node:url';
import { getDomain } from 'tldts';

const PATH_LENGTH_MAX = 40;
const OPAQUE_LENGTH_MAX = 60;

/** Host of an http(s) or ws(s) URL in lower case, without port; null for anything that names no host. */
export function hostOf(url: string): string | null {
  if (!URL.canParse(url)) return null;
  const { hostname } = new URL(url);
  return hostname === '' ? null : hostname;
}

/**
 * The site a host belongs to: its registrable domain, or the host itself where there is none (IP address, single
 * label). Names that a provider gives to its customers, such as `user.github.io`, are sites of their own.
 *
 * @see https://publicsuffix.org/
 */
export function siteOf(host: string): string {
  const bare = host.replace(/^\./, '').toLowerCase();
  return getDomain(bare, { allowPrivateDomains: true }) ?? bare;
}

/**
 * A host name in the letters that people type, such as `bücher.example` for `xn--bcher-kva.example`; null where that
 * is the same. Never shown alone: it may look like another name.
 */
export function unicodeHost(host: string): string | null {
  const unicode = domainToUnicode(host);
  return unicode === '' || unicode === host ? null : unicode;
}

/**
 * A URL short enough to read in a sentence: host and path, without scheme, query and fragment. Text that is no
 * URL comes back shortened, never dropped.
 */
export function shortUrl(url: string): string {
  const host = hostOf(url);
  if (host === null) return clipped(url, OPAQUE_LENGTH_MAX);
  const { pathname, port } = new URL(url);
  const authority = port === '' ? host : `${host}:${port}`;
  if (pathname === '/' || pathname === '') return authority;
  if (pathname.length <= PATH_LENGTH_MAX) return authority + pathname;
  const lastSegment = pathname.split('/').findLast((segment) => segment !== '') ?? '';
  return `${authority}/…/${clipped(lastSegment, PATH_LENGTH_MAX)}`;
}

function clipped(text: string, lengthMax: number): string {
  const characters = Array.from(text);
  return characters.length <= lengthMax ? text : `${characters.slice(0, lengthMax).join('')}…`;
}
