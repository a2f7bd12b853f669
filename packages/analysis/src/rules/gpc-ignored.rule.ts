import { cookieEvidence } from '../verdicts/cookie-evidence.ts';
import { NEEDS_AUDIT } from '../verdicts/consent-runs.ts';
import { categoryConfidence, cookieName, inState, isGuess } from '../verdicts/judged-cookie.ts';
import { LEGAL } from '../verdicts/legal-sources.ts';
import { notChecked, type Rule } from '../verdicts/rule.ts';
import { severityOf } from '../verdicts/severity.ts';
import { holdBack } from '../verdicts/who-sets.ts';

/** Advertising cookies for visitors whose browser says that they opt out. */
export const gpcIgnoredRule: Rule = {
  id: 'gpc-ignored',
  name: 'Global Privacy Control ignored',
  inOrder: 'Visitors whose browser sends Global Privacy Control get no marketing cookies.',
  severity: 'high',
  pointsMax: 20,
  why: 'With Global Privacy Control a visitor’s browser says to every site: do not sell or share my data. In California and further states that counts as an opt-out, and must be followed.',
  legalSources: [LEGAL.ccpaOptOut, LEGAL.ccpaSignals, LEGAL.gpc],
  judge(site) {
    if (!site.isConsentAudit) return notChecked(NEEDS_AUDIT);
    const run = site.runOf('gpc');
    if (!run) return notChecked('The visit with Global Privacy Control did not succeed.');
    const declares = site.observation.consent.gpcDeclaration?.honoursGpc === true;
    return site.cookies
      .filter(({ classification }) => classification.category === 'marketing')
      .filter((judged) => {
        const seen = inState(judged, 'gpc');
        return seen !== null && (seen.beforeChoice || seen.setAfterChoice || seen.atEnd);
      })
      .map((judged) => ({
        subject: judged.identity,
        title: `Marketing cookie ${cookieName(judged)} is set although the browser sends Global Privacy Control`,
        severity: severityOf('high', isGuess(judged)),
        confidence: categoryConfidence(judged),
        advice: holdBack(site, judged, 'for visitors whose requests say Sec-GPC: 1'),
        evidence: cookieEvidence(judged, {
          state: 'gpc',
          facts: declares ? ['The site’s own /.well-known/gpc.json says that it honours the signal'] : [],
        }),
      }));
  },
};
