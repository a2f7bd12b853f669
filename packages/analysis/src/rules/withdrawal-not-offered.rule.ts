import { runWithChoice } from '../verdicts/consent-runs.ts';
import { isTracking } from '../verdicts/judged-cookie.ts';
import { LEGAL } from '../verdicts/legal-sources.ts';
import { isNotChecked, notChecked, type Rule } from '../verdicts/rule.ts';

/** Consent can be given, and not be taken back. */
export const withdrawalNotOfferedRule: Rule = {
  id: 'withdrawal-not-offered',
  name: 'No way to withdraw consent',
  inOrder: 'Consent can be withdrawn where it was given.',
  severity: 'medium',
  pointsMax: 5,
  why: 'Taking consent back must be as easy as giving it. No link or button for that was found on the page.',
  legalSources: [LEGAL.gdprWithdrawal, LEGAL.edpbBanners, LEGAL.edpbConsent],
  judge(site) {
    const run = runWithChoice(site, 'accept');
    if (isNotChecked(run)) return run;
    if (run.withdrawal === null) return notChecked('Withdrawing consent was not tried.');
    if (run.withdrawal.offered) return [];
    // Where nothing was agreed to there is nothing to take back.
    if (!site.cookies.some(isTracking)) return [];
    return [
      {
        subject: 'banner',
        title: 'After accepting, no way to withdraw consent was found',
        // It may stand on another page, or be called something we do not know.
        confidence: 'medium',
        advice:
          'Show a link to the consent settings on every page, such as “Cookie settings” in the footer or a small icon.',
        evidence: { url: run.finalUrl, consentState: 'accept' },
      },
    ];
  },
};
