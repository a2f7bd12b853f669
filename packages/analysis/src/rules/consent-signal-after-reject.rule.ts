import { runWithChoice, screenshotsOf } from '../verdicts/consent-runs.ts';
import { consentClaims, gppClaim, SIGNAL_NAMES } from '../verdicts/consent-signals.ts';
import { LEGAL } from '../verdicts/legal-sources.ts';
import { isNotChecked, notChecked, type Rule } from '../verdicts/rule.ts';

/** A consent string says more than was chosen. */
export const consentSignalAfterRejectRule: Rule = {
  id: 'consent-signal-after-reject',
  name: 'Consent claimed after refusal',
  inOrder: 'After a refusal the consent signals say what was chosen.',
  severity: 'critical',
  pointsMax: 20,
  why: 'The visitor refused, and companies are told that the visitor agreed. Everything they do with it has no ground.',
  legalSources: [LEGAL.gdprConsentMeaning, LEGAL.gdprConditions, LEGAL.iabEurope],
  judge(site) {
    const run = runWithChoice(site, 'reject');
    if (isNotChecked(run)) return run;
    if (run.choiceAtMs === null) return notChecked('It is not known when the visitor refused.');
    if (run.tcf.length + run.consentMode.length + run.gpp.length === 0) {
      return notChecked('The site uses no consent signal that can be read.');
    }
    const claims = consentClaims(run, { fromMs: run.choiceAtMs, toMs: Infinity });
    const gpp = gppClaim(run, run.choiceAtMs);
    return [...claims, ...(gpp ? [gpp] : [])].map(({ kind, says, atMs, facts }) => ({
      subject: kind,
      title: `${SIGNAL_NAMES[kind]} ${says} although the visitor refused`,
      // A refusal in a banner is not always meant as an opt-out of sale.
      ...(kind === 'gpp' ? { severity: 'medium' as const, confidence: 'medium' as const } : {}),
      ...(run.outcome === 'untaken' ? { confidence: 'low' as const } : {}),
      advice:
        'Correct what the consent manager writes when the visitor refuses, and test it with its maker’s decoder.',
      evidence: {
        url: run.finalUrl,
        atMs,
        consentState: 'reject',
        screenshots: screenshotsOf(run),
        facts: [...facts],
      },
    }));
  },
};
