import { NEEDS_AUDIT } from '../verdicts/consent-runs.ts';
import { consentClaims, SIGNAL_NAMES } from '../verdicts/consent-signals.ts';
import { LEGAL } from '../verdicts/legal-sources.ts';
import { notChecked, type Rule } from '../verdicts/rule.ts';

/** Consent that is passed on although nobody has chosen. */
export const consentSignalBeforeChoiceRule: Rule = {
  id: 'consent-signal-before-choice',
  name: 'Consent claimed before any choice',
  inOrder: 'No consent is passed on before the visitor chose.',
  severity: 'high',
  pointsMax: 15,
  why: 'Advertising and analytics companies are told that the visitor agreed, while the visitor has not answered. They rely on it and begin to track.',
  legalSources: [LEGAL.gdprConsentMeaning, LEGAL.gdprConditions, LEGAL.iabEurope],
  judge(site) {
    if (!site.isConsentAudit) return notChecked(NEEDS_AUDIT);
    const run = site.runOf('untouched');
    if (!run) return notChecked('The visit in this consent state did not succeed.');
    if (run.tcf.length === 0 && run.consentMode.length === 0) {
      return notChecked('The site uses no consent signal that can be read.');
    }
    return consentClaims(run, { fromMs: 0, toMs: Infinity }).map(({ kind, says, atMs, facts }) => ({
      subject: kind,
      title: `${SIGNAL_NAMES[kind]} ${says} before the visitor chose anything`,
      advice:
        kind === 'consent-mode'
          ? 'Let the default command say “denied” for everything that needs consent, before any tag is loaded.'
          : 'Set the consent manager so that it writes no purpose and no vendor before a choice.',
      evidence: { url: run.finalUrl, atMs, consentState: 'untouched', facts: [...facts] },
    }));
  },
};
