import type { CookieDeclaration, FindingEvidence } from '@cookie-scanner/contracts';
import { durationText } from '../duration-text.ts';
import { declaredCategory, declaredLifetimeSeconds, declaresName } from '../verdicts/cookie-declaration.ts';
import { cookieEvidence } from '../verdicts/cookie-evidence.ts';
import { cookieName, isGuess, isTracking, type JudgedCookie } from '../verdicts/judged-cookie.ts';
import { LEGAL } from '../verdicts/legal-sources.ts';
import { notChecked, type Rule, type RuleFinding } from '../verdicts/rule.ts';

/** A cookie may live this much longer than declared before it counts as another lifetime. */
const LIFETIME_TOLERANCE = 1.5;

type DeclaredCookie = CookieDeclaration['cookies'][number];

/** What the site says about its cookies is not what they are. */
export const declarationDiffersRule: Rule = {
  id: 'declaration-differs',
  name: 'Cookies that are not as the site says',
  inOrder: 'Every cookie is in the site’s own list of cookies, as it is.',
  severity: 'low',
  pointsMax: 10,
  why: 'Visitors can only agree to what they are told. The site’s own list of cookies leaves these out, or describes them as something else.',
  legalSources: [LEGAL.gdprTransparency, LEGAL.gdprConsentMeaning, LEGAL.planet49],
  judge(site) {
    const { declarations } = site.observation.consent;
    const declared = declarations.flatMap(({ cookies }) => cookies);
    if (declared.length === 0) return notChecked('No list of cookies of the site could be read.');
    const where = declarations.map(({ source, url }) => `List of cookies: ${source}, ${url}`);
    return site.cookies.flatMap((judged) => judgeCookie(judged, declared, where) ?? []);
  },
};

function judgeCookie(
  judged: JudgedCookie,
  declared: readonly DeclaredCookie[],
  where: readonly string[],
): RuleFinding | null {
  const entries = declared.filter(({ name }) => declaresName(name, judged.cookie.name));
  const evidence = (facts: string[]) => cookieEvidence(judged, { facts: [...facts, ...where] });
  if (entries.length === 0) {
    return {
      subject: judged.identity,
      title: `Cookie ${cookieName(judged)} is not in the site’s list of cookies`,
      severity: judged.classification.category === 'necessary' ? 'info' : 'low',
      advice: 'Add it to the list with its purpose, its owner and its lifetime, or remove it.',
      evidence: evidence([]),
    };
  }
  const categories = entries.map(({ category }) => (category === null ? null : declaredCategory(category)));
  if (isTracking(judged) && !isGuess(judged) && categories.every((category) => category === 'necessary')) {
    return {
      subject: judged.identity,
      title: `Cookie ${cookieName(judged)} is declared as necessary and is ${judged.classification.category === 'marketing' ? 'for marketing' : 'for analytics'}`,
      severity: 'medium',
      confidence: judged.classification.confidence ?? 'medium',
      advice: 'Correct its category in the consent manager: as a necessary one it is set without asking.',
      evidence: evidence(entries.map(({ category }) => `Declared as: ${category ?? 'nothing'}`)),
    };
  }
  return judgeLifetime(judged, entries, evidence);
}

function judgeLifetime(
  judged: JudgedCookie,
  entries: readonly DeclaredCookie[],
  evidence: (facts: string[]) => Partial<FindingEvidence>,
): RuleFinding | null {
  const seconds = judged.lifetime?.seconds ?? 0;
  const texts = entries.flatMap(({ lifetimeText }) => lifetimeText ?? []);
  const declared = texts.map(declaredLifetimeSeconds);
  if (
    declared.length === 0 ||
    declared.some((known) => known === null || seconds <= known * LIFETIME_TOLERANCE)
  )
    return null;
  // A session has no length; a day says that the cookie outlives any.
  if (declared.every((known) => known === 0) && seconds < 86_400) return null;
  return {
    subject: judged.identity,
    title: `Cookie ${cookieName(judged)} lives ${durationText(seconds)} and is declared with “${texts[0] ?? ''}”`,
    confidence: 'medium',
    advice: 'Correct the lifetime in the list, or shorten the cookie.',
    evidence: evidence(texts.map((text) => `Declared lifetime: ${text}`)),
  };
}
