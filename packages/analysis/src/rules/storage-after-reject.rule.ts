import { runWithChoice, screenshotsOf } from '../verdicts/consent-runs.ts';
import { holdStorageBack, storageEvidence, storageName } from '../verdicts/judged-storage-item.ts';
import { LEGAL } from '../verdicts/legal-sources.ts';
import { isNotChecked, notChecked, type Rule } from '../verdicts/rule.ts';
import { storageNeedsConsent } from '../verdicts/storage-consent.ts';

/** Identifiers that are kept outside cookies although the visitor refused. */
export const storageAfterRejectRule: Rule = {
  id: 'storage-after-reject',
  name: 'Storage beside cookies after refusal',
  inOrder: 'After the visitor refused, nothing that is known to need consent was kept in other storage.',
  severity: 'high',
  pointsMax: 20,
  why: 'The visitor said no, and something by which they can be recognised is kept all the same, in a place that most people do not know how to empty.',
  legalSources: [LEGAL.ePrivacy, LEGAL.edpbScope, LEGAL.gdprConditions, LEGAL.edpbBanners],
  judge(site) {
    const run = runWithChoice(site, 'reject');
    if (isNotChecked(run)) return run;
    if (site.storage.some(({ item }) => item.consentStates.length === 0)) {
      return notChecked('This scan did not note in which consent states something was kept.');
    }
    return site.storage.flatMap((judged) => {
      const needed = judged.item.consentStates.includes('reject') ? storageNeedsConsent(site, judged) : null;
      if (needed === null) return [];
      const { what, severity, confidence } = needed;
      return [
        {
          subject: judged.identity,
          title: `${what} ${storageName(judged)} is kept although the visitor refused`,
          severity,
          confidence: run.outcome === 'untaken' ? ('low' as const) : confidence,
          advice: holdStorageBack(judged, 'when the visitor has refused, and remove what is there'),
          evidence: { ...storageEvidence(judged, 'reject'), screenshots: screenshotsOf(run) },
        },
      ];
    });
  },
};
