import { CATEGORY_WORDS } from '../category-text.ts';
import { cookieEvidence } from '../verdicts/cookie-evidence.ts';
import { runWithChoice, screenshotsOf } from '../verdicts/consent-runs.ts';
import {
  categoryConfidence,
  cookieName,
  inState,
  isGuess,
  needsConsent,
  type JudgedCookie,
} from '../verdicts/judged-cookie.ts';
import { LEGAL } from '../verdicts/legal-sources.ts';
import { isNotChecked, type Rule } from '../verdicts/rule.ts';
import { severityOf } from '../verdicts/severity.ts';

/** Cookies that were there before the visitor refused, and stay. */
export const cookieKeptAfterRejectRule: Rule = {
  id: 'cookie-kept-after-reject',
  name: 'Cookies kept after refusal',
  inOrder: 'When the visitor refused, no cookie stayed that is known to need consent.',
  severity: 'high',
  pointsMax: 20,
  why: 'These cookies were there before the visitor chose. The visitor refused, and they were not removed.',
  legalSources: [LEGAL.ePrivacy, LEGAL.gdprLawfulness, LEGAL.edpbBanners],
  judge(site) {
    const run = runWithChoice(site, 'reject');
    if (isNotChecked(run)) return run;
    return site.cookies
      .filter((judged) => needsConsent(judged) && wasKept(judged))
      .map((judged) => ({
        subject: judged.identity,
        title: `${CATEGORY_WORDS[judged.classification.category].name} cookie ${cookieName(judged)} stays after the visitor refused`,
        severity: severityOf(
          judged.classification.category === 'functional' ? 'low' : 'high',
          isGuess(judged),
        ),
        confidence: run.outcome === 'untaken' ? 'low' : categoryConfidence(judged),
        advice:
          'Do not set it before the visitor has chosen; and delete it when the visitor refuses, with the same domain and path.',
        evidence: cookieEvidence(judged, { state: 'reject', screenshots: screenshotsOf(run) }),
      }));
  },
};

function wasKept(judged: JudgedCookie): boolean {
  const seen = inState(judged, 'reject');
  return seen !== null && seen.beforeChoice && seen.atEnd && !seen.setAfterChoice;
}
