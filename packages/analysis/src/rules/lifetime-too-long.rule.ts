import { durationText } from '../duration-text.ts';
import { cookieEvidence } from '../verdicts/cookie-evidence.ts';
import {
  categoryConfidence,
  cookieName,
  isGuess,
  isTracking,
  type JudgedCookie,
} from '../verdicts/judged-cookie.ts';
import { LEGAL } from '../verdicts/legal-sources.ts';
import type { Rule } from '../verdicts/rule.ts';
import { severityOf } from '../verdicts/severity.ts';

/** Thirteen months at their longest: a year and the 31 days of a month, and one day more for leap years. */
const LIFETIME_DAYS_MAX = 397;
const DAY_SECONDS = 86_400;

/** Cookies that ask for more than thirteen months. */
export const lifetimeTooLongRule: Rule = {
  id: 'lifetime-too-long',
  name: 'Cookies that live longer than 13 months',
  inOrder: 'No cookie that needs consent asks for more than 13 months.',
  severity: 'medium',
  pointsMax: 10,
  why: 'Data about people must not be kept longer than its purpose needs. Authorities hold 13 months to be the most for cookies that measure or remember.',
  legalSources: [LEGAL.cnilGuidelines, LEGAL.gdprStorageLimitation],
  judge: (site) =>
    site.cookies
      .filter(({ classification }) => classification.category !== 'necessary')
      .flatMap((judged) => {
        const seconds = askedSeconds(judged);
        if (seconds <= LIFETIME_DAYS_MAX * DAY_SECONDS) return [];
        return [
          {
            subject: judged.identity,
            title: `Cookie ${cookieName(judged)} asks for ${durationText(seconds)}`,
            severity: severityOf(isTracking(judged) ? 'medium' : 'low', isGuess(judged)),
            // The lifetime is a fact; what the cookie is for decides only how much it matters.
            confidence: isTracking(judged) ? categoryConfidence(judged) : ('medium' as const),
            advice: 'Set Max-Age to 13 months at most, and do not renew it at every visit.',
            evidence: cookieEvidence(judged, { facts: [`Lifetime: ${judged.lifetime?.text ?? 'session'}`] }),
          },
        ];
      }),
};

/** What its setter asked for; what the browser granted where that was not seen. */
function askedSeconds({ cookie, lifetime }: JudgedCookie): number {
  return cookie.declaredLifetimeSeconds ?? lifetime?.seconds ?? 0;
}
