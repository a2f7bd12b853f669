import { isSetBySite, type ScanTotals, type SiteObservation } from '@cookie-scanner/contracts';

/** Counts what an observation holds; cookies that the scan brought along are not among them. */
export function scanTotals({
  cookies,
  transientCookies,
  blockedCookies,
  storage,
  requests,
  pages,
}: SiteObservation): ScanTotals {
  const own = cookies.filter(isSetBySite);
  const firstPartyCookies = own.filter(({ party }) => party === 'first').length;
  return {
    cookies: own.length,
    firstPartyCookies,
    thirdPartyCookies: own.length - firstPartyCookies,
    transientCookies: transientCookies.length,
    blockedCookies: blockedCookies.length,
    storageItems: storage.length,
    requests: requests.total,
    thirdPartyRequests: requests.thirdParty,
    hosts: requests.hosts.length,
    pages: pages.length,
  };
}
