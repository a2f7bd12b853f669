import { counted } from '../duration-text.ts';
import { bannerOf, NEEDS_AUDIT } from '../verdicts/consent-runs.ts';
import { cookieName, inState, isGuess, isTracking, type JudgedCookie } from '../verdicts/judged-cookie.ts';
import { LEGAL } from '../verdicts/legal-sources.ts';
import { notChecked, type Rule } from '../verdicts/rule.ts';
import { whoSets } from '../verdicts/who-sets.ts';
import { cameUnasked } from './cookie-before-consent.rule.ts';

/** A consent manager is there, and scripts do not wait for it. */
export const consentManagerNotInControlRule: Rule = {
  id: 'consent-manager-not-in-control',
  name: 'Consent manager without effect',
  inOrder: 'Tracking cookies wait for the consent manager.',
  severity: 'medium',
  pointsMax: 5,
  why: 'A consent manager protects only when everything that sets cookies waits for it. Here some of it does not, so the banner promises what does not happen.',
  legalSources: [LEGAL.gdprConditions, LEGAL.gdprTransparency],
  judge(site) {
    if (!site.isConsentAudit) return notChecked(NEEDS_AUDIT);
    const manager = bannerOf(site)?.manager ?? null;
    if (!manager) return notChecked('No consent manager was recognised.');
    const escaping = site.cookies.filter(
      (judged) => isTracking(judged) && !isGuess(judged) && escapes(judged),
    );
    if (escaping.length === 0) return [];
    const setters = [...new Set(escaping.flatMap((judged) => whoSets(site, judged) ?? []))].toSorted();
    return [
      {
        subject: 'manager',
        title: `${manager.name} is there, but ${counted(escaping.length, 'tracking cookie')} ${escaping.length === 1 ? 'does' : 'do'} not wait for it`,
        advice: `Let ${manager.name} start what sets these cookies, instead of the page or the tag manager: ${setters.slice(0, 5).join('; ') || 'see the cookies'}.`,
        evidence: {
          url: site.observation.finalUrl,
          facts: [
            ...manager.evidence.map((sign) => `Recognised by: ${sign}`),
            `Cookies: ${escaping.slice(0, 20).map(cookieName).join(', ')}`,
          ],
        },
      },
    ];
  },
};

function escapes(judged: JudgedCookie): boolean {
  return cameUnasked(judged) || inState(judged, 'reject')?.setAfterChoice === true;
}
