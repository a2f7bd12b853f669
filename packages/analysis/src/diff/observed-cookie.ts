import type { CookieFacts, SiteObservation } from '@cookie-scanner/contracts';
import type { ClassifiedCookie } from '../classification/classify-cookies.ts';
import { cookieLifetime } from '../cookie-lifetime.ts';
import { setterChain } from '../setter-chain.ts';
import { byKeys } from '../sort-order.ts';
import type { ClassifiedScan } from './classified-scan.ts';

/** The cookies of a scan, each identity once: of cookies whose names rotate the one that lives longest. */
export function cookieFacts({ observation, cookies }: ClassifiedScan): CookieFacts[] {
  const all = cookies.map((classified) => factsOf(classified, observation));
  const longest = new Map<string, CookieFacts>();
  for (const facts of all) {
    const other = longest.get(facts.key);
    if (!other || facts.lifetimeDays > other.lifetimeDays) longest.set(facts.key, facts);
  }
  return [...longest.values()].sort(byKeys(({ name, domain, path, key }) => [name, domain, path, key]));
}

function factsOf({ cookie, identity, classification }: ClassifiedCookie, scan: SiteObservation): CookieFacts {
  const chain = setterChain(cookie.setBy);
  return {
    key: identity.key,
    name: identity.name,
    domain: identity.domain,
    path: identity.path,
    party: cookie.party,
    lifetimeDays: cookieLifetime(cookie, scan)?.days ?? 0,
    secure: cookie.secure,
    httpOnly: cookie.httpOnly,
    sameSite: cookie.sameSite,
    setterSite: chain.site,
    setterChain: chain.links.map(({ label }) => label),
    consentStates: [...new Set(cookie.consentStates)].toSorted(),
    category: classification.category,
    basis: classification.basis,
  };
}
