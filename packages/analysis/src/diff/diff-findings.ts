import type { ChangedCookie, ChangedFinding, FindingFacts, ScanDiff } from '@cookie-scanner/contracts';
import { byKeys } from '../sort-order.ts';
import type { ClassifiedScan } from './classified-scan.ts';
import { diffKeyed } from './diff-keyed.ts';
import { findingFacts, findingKey } from './observed-finding.ts';

type Scans = readonly ClassifiedScan[];

const inOrder = byKeys<FindingFacts>(({ ruleId, subject }) => [ruleId, subject]);

/**
 * Findings that came, went or changed in severity. Those about a cookie that is the same as before, and only has another
 * category because we know better now, are put apart.
 *
 * @param knowledgeChanged - cookies that the site did not change
 */
export function diffFindings(
  before: Scans,
  after: Scans,
  knowledgeChanged: readonly ChangedCookie[],
): ScanDiff['findings'] {
  const findingsOf = (scans: Scans) => scans.map(({ findings }) => findings.map(findingFacts));
  const { added, removed } = diffKeyed(findingsOf(before), findingsOf(after), findingKey);
  const ours = new Set(knowledgeChanged.map(({ cookie }) => cookie.key));
  const isOurs = ({ subject }: FindingFacts): boolean => ours.has(subject);
  const isTheirs = (finding: FindingFacts): boolean => !isOurs(finding);
  const changed = changedFindings(before, after);
  return {
    added: added.filter(isTheirs).toSorted(inOrder),
    removed: removed.filter(isTheirs).toSorted(inOrder),
    changed: changed.filter(({ finding }) => isTheirs(finding)),
    knowledgeChanged: [...added, ...removed, ...changed.map(({ finding }) => finding)]
      .filter(isOurs)
      .toSorted(inOrder),
  };
}

/** Of several repeats, the last one says how grave a finding is. */
function changedFindings(before: Scans, after: Scans): ChangedFinding[] {
  const old = byKey(before);
  return [...byKey(after)]
    .flatMap(([key, finding]) => {
      const was = old.get(key);
      return was && was.severity !== finding.severity ? [{ finding, severityBefore: was.severity }] : [];
    })
    .toSorted((a, b) => inOrder(a.finding, b.finding));
}

function byKey(scans: Scans): Map<string, FindingFacts> {
  return new Map(
    scans.flatMap(({ findings }) => findings.map((finding) => [findingKey(finding), findingFacts(finding)])),
  );
}
