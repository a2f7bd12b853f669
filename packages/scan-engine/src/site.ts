import { getDomain } from 'tldts';

/**
 * The site an address or host belongs to: its registrable domain by the Public Suffix List, private section
 * included, so that two customers of one hosting service are two sites. Addresses and single labels are their
 * own site.
 */
export function siteOf(urlOrHost: string): string {
  const host = URL.canParse(urlOrHost) ? new URL(urlOrHost).hostname : urlOrHost;
  const bare = host.replace(/^\.|\.$/g, '').toLowerCase();
  return getDomain(bare, { allowPrivateDomains: true }) ?? bare;
}

/** True when both addresses belong to one site. */
export function isSameSite(a: string, b: string): boolean {
  return siteOf(a) === siteOf(b);
}
