import { counted } from '../duration-text.ts';
import { NEEDS_AUDIT } from '../verdicts/consent-runs.ts';
import { cookieName, isGuess, isTracking } from '../verdicts/judged-cookie.ts';
import { LEGAL } from '../verdicts/legal-sources.ts';
import { notChecked, type Rule } from '../verdicts/rule.ts';
import { severityOf } from '../verdicts/severity.ts';

/** A banner that comes later than this would have been missed. */
const WAITED_MS_MIN = 6_000;

/** Tracking without asking anybody. That there is no banner is no fault by itself. */
export const trackingWithoutBannerRule: Rule = {
  id: 'tracking-without-banner',
  name: 'Tracking without asking',
  inOrder: 'The site asks for consent, or has no tracking cookies to ask for.',
  severity: 'high',
  pointsMax: 10,
  why: 'The site sets cookies that need consent and shows no banner with which a visitor could give or refuse it.',
  legalSources: [LEGAL.ePrivacy, LEGAL.gdprLawfulness],
  judge(site) {
    if (!site.isConsentAudit) return notChecked(NEEDS_AUDIT);
    const runs = (['untouched', 'reject', 'accept'] as const).flatMap((state) => site.runOf(state) ?? []);
    if (runs.length === 0) return notChecked('No visit of the audit succeeded.');
    if (runs.some(({ banner }) => banner.found)) return [];
    const tracking = site.cookies.filter(isTracking);
    if (tracking.length === 0) return [];
    const waitedMs = Math.max(...runs.map(({ banner }) => banner.waitedMs));
    return [
      {
        subject: 'banner',
        title: `The site sets ${counted(tracking.length, 'tracking cookie')} and shows no consent banner`,
        severity: severityOf('high', tracking.every(isGuess)),
        confidence: waitedMs < WAITED_MS_MIN ? 'low' : 'medium',
        advice:
          'Ask for consent before these cookies are set, or do without them. Visitors of some countries may be shown a banner that this scan was not.',
        evidence: {
          url: site.observation.finalUrl,
          consentState: 'untouched',
          facts: [
            `A banner was looked for during ${Math.round(waitedMs / 1_000)} s of the page’s time`,
            `Tracking cookies: ${tracking.slice(0, 20).map(cookieName).join(', ')}`,
          ],
        },
      },
    ];
  },
};
