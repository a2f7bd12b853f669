import type { SiteObservation } from '@cookie-scanner/contracts';
import type { CookieSummary, SetterSummary, ThirdPartyHost } from './observation-summary.ts';
import { byKeys } from './sort-order.ts';
import { siteOf } from './web-address.ts';

/**
 * Who set the cookies in the jar, by registrable domain of the setting request or script; most cookies first and
 * the unseen ones last.
 *
 * @param site - registrable domain of the visited site, null when it is not known
 */
export function summariseSetters(cookies: readonly CookieSummary[], site: string | null): SetterSummary[] {
  const bySite = Map.groupBy(cookies, ({ chain }) => chain.site);
  return [...bySite]
    .map(([setterSite, set]): SetterSummary => ({
      site: setterSite,
      party: setterSite === null ? 'unknown' : setterSite === site ? 'first' : 'third',
      cookies: set.length,
      firstPartyCookies: set.filter(({ cookie }) => cookie.party === 'first').length,
    }))
    .sort(byKeys((setter) => [setter.site === null ? 1 : 0, -setter.cookies, setter.site ?? '']));
}

/**
 * Hosts of other sites that the pages contacted; those that set most cookies first.
 *
 * @param site - registrable domain of the visited site; when it is null every host counts as another site's
 */
export function summariseThirdPartyHosts(
  { requests, cookies }: SiteObservation,
  site: string | null,
): ThirdPartyHost[] {
  const cookiesSet = new Map<string, number>();
  for (const { setBy } of cookies) {
    if (setBy.url === null || !URL.canParse(setBy.url)) continue;
    const { host } = new URL(setBy.url);
    cookiesSet.set(host, (cookiesSet.get(host) ?? 0) + 1);
  }
  return [...new Set(requests.hosts)]
    .map((host) => ({ host, site: siteOf(withoutPort(host)), cookiesSet: cookiesSet.get(host) ?? 0 }))
    .filter((host) => host.site !== site)
    .sort(byKeys((host) => [-host.cookiesSet, host.host]));
}

function withoutPort(host: string): string {
  return host.replace(/:\d+$/, '');
}
