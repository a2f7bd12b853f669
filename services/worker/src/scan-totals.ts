import type { ScanTotals, SiteObservation } from '@cookie-scanner/contracts';

/** Counts what an observation holds. */
export function scanTotals({
  cookies,
  transientCookies,
  blockedCookies,
  storage,
  requests,
  pages,
}: SiteObservation): ScanTotals {
  const firstPartyCookies = cookies.filter(({ party }) => party === 'first').length;
  return {
    cookies: cookies.length,
    firstPartyCookies,
    thirdPartyCookies: cookies.length - firstPartyCookies,
    transientCookies: transientCookies.length,
    blockedCookies: blockedCookies.length,
    storageItems: storage.length,
    requests: requests.total,
    thirdPartyRequests: requests.thirdParty,
    hosts: requests.hosts.length,
    pages: pages.length,
  };
}
