import { isSetBySite, type SiteObservation } from '@cookie-scanner/contracts';
import { blockReasonText } from './block-reason-text.ts';
import { longestLifetime, summariseCookies } from './summarise-cookies.ts';
import type { BlockedCookieSummary, ObservationSummary, SummaryCounts } from './observation-summary.ts';
import { reasonText } from './outcome-text.ts';
import { isGap, qualityWarnings } from './quality-warnings.ts';
import { scanHeadline } from './scan-headline.ts';
import { summariseSetters, summariseThirdPartyHosts } from './summarise-third-parties.ts';
import { summariseStorage } from './summarise-storage.ts';
import { shownHost } from './shown-host.ts';
import { byKeys } from './sort-order.ts';
import { hostOf, siteOf, unicodeHost } from './web-address.ts';

/** Everything a report says about one observation, in an order that does not depend on the order of events. */
export function summariseObservation(observation: SiteObservation): ObservationSummary {
  const host = hostOf(observation.finalUrl ?? observation.requestedUrl);
  const site = host === null ? null : siteOf(host);
  const shown = shownHost(observation.requestedUrl, observation.finalUrl, observation.status);
  const cookies = summariseCookies(observation.cookies, observation);
  const hosts = summariseThirdPartyHosts(observation, site);
  const warnings = qualityWarnings(observation);
  const counts = countAll(observation, hosts.length);

  return {
    headline: scanHeadline({
      requestedUrl: observation.requestedUrl,
      finalUrl: observation.finalUrl,
      status: observation.status,
      statusReason: observation.statusReason,
      cookies: { firstParty: counts.firstPartyCookies, thirdParty: counts.thirdPartyCookies },
      hasGaps: warnings.some(isGap),
    }),
    status: observation.status,
    reason: reasonText(observation.statusReason),
    site: shown ?? observation.requestedUrl,
    siteUnicode: shown === null ? null : unicodeHost(shown),
    counts,
    cookiesBySetterKind: countBySetterKind(observation),
    longestLifetime: longestLifetime(cookies),
    cookies,
    transientCookies: summariseCookies(observation.transientCookies, observation),
    blockedCookies: summariseBlocked(observation),
    setters: summariseSetters(cookies, site),
    thirdPartyHosts: hosts,
    storage: summariseStorage(observation.storage, site),
    pages: observation.pages.map((page) => ({ ...page, reason: reasonText(page.statusReason) })),
    qualityWarnings: warnings,
  };
}

function countAll(observation: SiteObservation, thirdPartyHosts: number): SummaryCounts {
  const cookies = observation.cookies.filter(isSetBySite);
  const firstParty = cookies.filter((cookie) => cookie.party === 'first').length;
  const session = cookies.filter((cookie) => cookie.session).length;
  return {
    cookies: cookies.length,
    firstPartyCookies: firstParty,
    thirdPartyCookies: cookies.length - firstParty,
    sessionCookies: session,
    persistentCookies: cookies.length - session,
    unattributedCookies: countBySetterKind(observation).unknown,
    transientCookies: observation.transientCookies.length,
    blockedCookies: observation.blockedCookies.length,
    storageItems: observation.storage.length,
    requests: observation.requests.total,
    thirdPartyRequests: observation.requests.thirdParty,
    thirdPartyHosts,
    pages: observation.pages.length,
  };
}

function countBySetterKind({ cookies }: SiteObservation): ObservationSummary['cookiesBySetterKind'] {
  const counts = { http: 0, javascript: 0, 'cookie-store': 0, preset: 0, unknown: 0 };
  for (const cookie of cookies) counts[cookie.setBy.kind] += 1;
  return counts;
}

function summariseBlocked({ blockedCookies }: SiteObservation): BlockedCookieSummary[] {
  return blockedCookies
    .map((blocked) => ({ blocked, reasons: [...new Set(blocked.reasons.map(blockReasonText))] }))
    .sort(byKeys(({ blocked }) => [blocked.domain, blocked.name, blocked.url]));
}
