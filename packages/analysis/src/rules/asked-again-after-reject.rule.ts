import { runWithChoice, screenshotsOf } from '../verdicts/consent-runs.ts';
import { LEGAL } from '../verdicts/legal-sources.ts';
import { isNotChecked, notChecked, type Rule } from '../verdicts/rule.ts';

/** The banner is back when a visitor who refused loads the page again. */
export const askedAgainAfterRejectRule: Rule = {
  id: 'asked-again-after-reject',
  name: 'Asked again after refusing',
  inOrder: 'A visitor who refused is not asked again on the next page.',
  severity: 'medium',
  pointsMax: 5,
  why: 'Asking again and again wears visitors down until they agree. A refusal must be remembered as long as an agreement.',
  legalSources: [LEGAL.cnilRecommendation, LEGAL.gdprConsentMeaning],
  judge(site) {
    const run = runWithChoice(site, 'reject');
    if (isNotChecked(run)) return run;
    if (run.bannerAfterReload === null) return notChecked('The page was not loaded again after the refusal.');
    if (!run.bannerAfterReload) return [];
    return [
      {
        subject: 'banner',
        title: 'The banner is back when the page is loaded again after a refusal',
        confidence: run.outcome === 'untaken' ? 'low' : 'high',
        advice: 'Remember a refusal, in a cookie of the consent manager, for about six months.',
        evidence: {
          url: run.finalUrl,
          atMs: run.reloadedAtMs,
          consentState: 'reject',
          screenshots: screenshotsOf(run),
        },
      },
    ];
  },
};
