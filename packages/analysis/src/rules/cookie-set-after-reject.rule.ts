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
import { isNotChecked, type Rule, type RuleFinding } from '../verdicts/rule.ts';
import { severityOf } from '../verdicts/severity.ts';
import { holdBack } from '../verdicts/who-sets.ts';

/** Cookies that are set although the visitor refused. */
export const cookieSetAfterRejectRule: Rule = {
  id: 'cookie-set-after-reject',
  name: 'Cookies set after refusal',
  inOrder: 'After the visitor refused, no cookie was set that is known to need consent.',
  severity: 'critical',
  pointsMax: 45,
  why: 'The visitor said no, and these cookies were set all the same. That is against the visitor’s expressed will.',
  legalSources: [LEGAL.ePrivacy, LEGAL.gdprLawfulness, LEGAL.gdprConditions, LEGAL.edpbBanners],
  judge(site) {
    const run = runWithChoice(site, 'reject');
    if (isNotChecked(run)) return run;
    const after = site.cookies.filter((judged) => inState(judged, 'reject')?.setAfterChoice === true);
    return after.flatMap((judged) => {
      const wrong = whatIsWrong(judged, site.site);
      if (wrong === null) return [];
      return [
        {
          subject: judged.identity,
          ...wrong,
          ...(run.outcome === 'untaken' ? { confidence: 'low' as const } : {}),
          advice: holdBack(site, judged, 'when the visitor has refused'),
          evidence: cookieEvidence(judged, {
            state: 'reject',
            screenshots: screenshotsOf(run),
            facts: pressed(run),
          }),
        },
      ];
    });
  },
};

/** Null for a cookie that may be set after a refusal. */
function whatIsWrong(
  judged: JudgedCookie,
  site: string | null,
): Pick<RuleFinding, 'title' | 'severity' | 'confidence'> | null {
  const { category } = judged.classification;
  if (needsConsent(judged)) {
    return {
      title: `${CATEGORY_WORDS[category].name} cookie ${cookieName(judged)} is set although the visitor refused`,
      severity: severityOf(category === 'functional' ? 'medium' : 'critical', isGuess(judged)),
      confidence: categoryConfidence(judged),
    };
  }
  // What another company sets after a refusal is suspect even where nobody knows what it is for.
  const setter = judged.chain.site;
  if (category !== 'unclassified' || setter === null || setter === site) return null;
  return {
    title: `Cookie ${cookieName(judged)}, which nobody knows, is set by ${setter} although the visitor refused`,
    severity: 'low',
    confidence: 'low',
  };
}

function pressed({
  actions,
  outcome,
}: {
  readonly actions: readonly { text: string | null }[];
  readonly outcome: string;
}): string[] {
  const texts = actions.map(({ text }) => text).filter((text) => text !== null);
  return [
    ...(texts.length > 0 ? [`Pressed to refuse: ${texts.map((text) => `“${text}”`).join(', then ')}`] : []),
    ...(outcome === 'untaken' ? ['Pressing it changed nothing that could be seen'] : []),
  ];
}
