import { CATEGORY_WORDS } from '../category-text.ts';
import { cookieEvidence } from '../verdicts/cookie-evidence.ts';
import { runWithChoice } from '../verdicts/consent-runs.ts';
import { categoryConfidence, cookieName, inState, isGuess, needsConsent } from '../verdicts/judged-cookie.ts';
import { LEGAL } from '../verdicts/legal-sources.ts';
import { isNotChecked, notChecked, type Rule } from '../verdicts/rule.ts';
import { severityOf } from '../verdicts/severity.ts';

/** Cookies that stay when consent is withdrawn. */
export const withdrawalNotHonouredRule: Rule = {
  id: 'withdrawal-not-honoured',
  name: 'Cookies that stay after consent is withdrawn',
  inOrder: 'When consent was withdrawn, the cookies that needed it went.',
  severity: 'medium',
  pointsMax: 15,
  why: 'The visitor took consent back. From then on these cookies have no ground to be there.',
  legalSources: [LEGAL.gdprWithdrawal, LEGAL.gdprLawfulness, LEGAL.ePrivacy],
  judge(site) {
    const run = runWithChoice(site, 'accept');
    if (isNotChecked(run)) return run;
    if (run.withdrawal?.done !== true) return notChecked('Consent was not withdrawn in this audit.');
    return site.cookies
      .filter((judged) => needsConsent(judged) && inState(judged, 'accept')?.afterWithdrawal === true)
      .map((judged) => ({
        subject: judged.identity,
        title: `${CATEGORY_WORDS[judged.classification.category].name} cookie ${cookieName(judged)} stays after consent was withdrawn`,
        severity: severityOf(
          judged.classification.category === 'functional' ? 'low' : 'medium',
          isGuess(judged),
        ),
        confidence: categoryConfidence(judged),
        advice: 'Delete it when consent is withdrawn, with the same domain and path, and stop what sets it.',
        evidence: cookieEvidence(judged, { state: 'accept' }),
      }));
  },
};
