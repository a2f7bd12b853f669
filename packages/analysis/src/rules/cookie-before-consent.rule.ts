import { CATEGORY_WORDS } from '../category-text.ts';
import { cookieEvidence } from '../verdicts/cookie-evidence.ts';
import {
  categoryConfidence,
  cookieName,
  inState,
  isGuess,
  needsConsent,
  type JudgedCookie,
} from '../verdicts/judged-cookie.ts';
import { LEGAL } from '../verdicts/legal-sources.ts';
import { severityOf } from '../verdicts/severity.ts';
import type { Rule } from '../verdicts/rule.ts';
import { holdBack } from '../verdicts/who-sets.ts';

/** States in which the visitor has not yet chosen when the page loads. */
const UNASKED = ['untouched', 'reject', 'accept'] as const;

/** Cookies that need consent and come before anybody was asked. */
export const cookieBeforeConsentRule: Rule = {
  id: 'cookie-before-consent',
  name: 'Cookies before consent',
  inOrder: 'No cookie that is known to need consent came before the visitor chose.',
  severity: 'high',
  pointsMax: 40,
  why: 'Whatever is not strictly necessary may be kept on a visitor’s device only after the visitor agreed. These cookies came before anybody could agree.',
  legalSources: [LEGAL.ePrivacy, LEGAL.gdprLawfulness, LEGAL.cnilGuidelines],
  judge: (site) =>
    site.cookies
      .filter((judged) => needsConsent(judged) && cameUnasked(judged))
      .map((judged) => ({
        subject: judged.identity,
        title: `${CATEGORY_WORDS[judged.classification.category].name} cookie ${cookieName(judged)} is set before consent`,
        severity: severityOf(
          judged.classification.category === 'functional' ? 'low' : 'high',
          isGuess(judged),
        ),
        confidence: categoryConfidence(judged),
        advice: holdBack(site, judged, 'before the visitor has agreed'),
        evidence: cookieEvidence(judged, { state: 'untouched' }),
      })),
};

/** Whether it was there although nobody had chosen anything yet. */
export function cameUnasked(judged: JudgedCookie): boolean {
  if (judged.cookie.inStates.length === 0) return judged.cookie.consentStates.includes('untouched');
  return UNASKED.some((state) => inState(judged, state)?.beforeChoice === true);
}
