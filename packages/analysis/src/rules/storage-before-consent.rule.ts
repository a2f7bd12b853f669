import { holdStorageBack, storageEvidence, storageName } from '../verdicts/judged-storage-item.ts';
import { LEGAL } from '../verdicts/legal-sources.ts';
import { notChecked, type Rule } from '../verdicts/rule.ts';
import { storageNeedsConsent, storedUnasked } from '../verdicts/storage-consent.ts';

/** Identifiers that are kept outside cookies before anybody was asked. */
export const storageBeforeConsentRule: Rule = {
  id: 'storage-before-consent',
  name: 'Storage beside cookies before consent',
  inOrder: 'Nothing that is known to need consent was kept in other storage before the visitor chose.',
  severity: 'high',
  pointsMax: 20,
  why: 'Browsers can keep identifiers in more places than cookies, often without an end. The law makes no difference: whatever is not strictly necessary needs consent first, wherever on the device it is kept.',
  legalSources: [LEGAL.ePrivacy, LEGAL.edpbScope, LEGAL.gdprLawfulness, LEGAL.cnilGuidelines],
  judge(site) {
    if (site.storage.some((judged) => storedUnasked(site, judged) === null)) {
      return notChecked('This scan did not note in which consent states something was kept.');
    }
    return site.storage.flatMap((judged) => {
      const needed = storedUnasked(site, judged) === true ? storageNeedsConsent(site, judged) : null;
      if (needed === null) return [];
      const { what, severity, confidence } = needed;
      return [
        {
          subject: judged.identity,
          title: `${what} ${storageName(judged)} is kept before consent`,
          ...{ severity, confidence },
          advice: holdStorageBack(judged, 'before the visitor has agreed'),
          evidence: storageEvidence(judged, 'untouched'),
        },
      ];
    });
  },
};
