import type { HostObservation } from '@cookie-scanner/contracts';
import { isIdentifier } from '../identity/cookie-identity.ts';
import { cookieName, isTracking, type JudgedCookie } from '../verdicts/judged-cookie.ts';
import type { JudgedSite } from '../verdicts/judged-site.ts';
import { LEGAL } from '../verdicts/legal-sources.ts';
import type { Rule, RuleFinding } from '../verdicts/rule.ts';
import { hostOf, siteOf } from '../web-address.ts';

/** Kinds of company that host other people's sites under their customers' names, as they are meant to. */
const HOSTING_KINDS: ReadonlySet<string> = new Set([
  'cdn',
  'hosting',
  'utility',
  'content',
  'video',
  'consent-provider',
]);
const TRACKING_KINDS: ReadonlySet<string> = new Set([
  'ad',
  'analytics',
  'marketing',
  'social',
  'customer-success',
]);

/** Another company's servers under a name of the site, so that their cookies pass for the site's own. */
export const cnameCloakingRule: Rule = {
  id: 'cname-cloaking',
  name: 'Trackers under the site’s own name',
  inOrder: 'No host of the site is a tracker under another name.',
  severity: 'high',
  pointsMax: 15,
  why: 'A name of this site leads to another company’s servers. Browsers and visitors take its cookies for the site’s own, so that protections against tracking do not work. It also gets cookies that were meant for the site alone.',
  legalSources: [LEGAL.ePrivacy, LEGAL.edpbScope, LEGAL.gdprTransparency],
  judge: (site) =>
    site.observation.hosts
      .filter(({ party, cnames }) => party === 'first' && cnames.length > 0)
      .flatMap((host) => cloaked(host, site) ?? []),
};

function cloaked(host: HostObservation, site: JudgedSite): RuleFinding | null {
  const target = host.cnames.findLast(
    (cname) => siteOf(cname) !== site.site && siteOf(cname) !== siteOf(host.host),
  );
  if (target === undefined) return null;
  const vendor = host.cnames.map((cname) => site.vendorOf(cname)).find((known) => known !== null) ?? null;
  const cookies = site.cookies.filter((judged) => cameThrough(judged, host.host));
  const isTracker = vendor !== null && TRACKING_KINDS.has(vendor.kind);
  if (!isTracker) {
    // Sites live on other people's servers everywhere. What betrays a tracker is that it follows visitors.
    if (host.host === hostOf(site.observation.finalUrl ?? '')) return null;
    if (vendor !== null && HOSTING_KINDS.has(vendor.kind)) return null;
    if (!cookies.some(followsVisitors)) return null;
  }
  const who = vendor === null ? siteOf(target) : `${vendor.name} (${siteOf(target)})`;
  return {
    subject: `${host.host} → ${siteOf(target)}`,
    title: `${host.host} is CNAME-cloaked to ${who}`,
    confidence: isTracker ? 'high' : 'medium',
    advice: `Treat ${host.host} as a third party: call it only after consent and name its owner in the privacy policy, or remove the alias from the DNS.`,
    evidence: {
      url: host.host,
      setterChain: [host.host, ...host.cnames],
      facts: cookies.map((judged) => `Cookie ${cookieName(judged)} came from there`),
    },
  };
}

function cameThrough({ cookie: { setBy } }: JudgedCookie, host: string): boolean {
  return setBy.url !== null && hostOf(setBy.url) === host;
}

function followsVisitors(judged: JudgedCookie): boolean {
  if (judged.classification.category === 'necessary') return false;
  return isTracking(judged) || (!judged.cookie.session && isIdentifier(judged.cookie) === true);
}
