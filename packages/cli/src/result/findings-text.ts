import { clipText, counted, reaches, visibleText } from '@cookie-scanner/analysis';
import type { Finding, ScanFindings } from '@cookie-scanner/contracts';
import { wrapText } from './text-width.ts';

/** Findings of one rule that are named; the report has them all. */
const NAMED_MAX = 5;
const TITLE_LENGTH_MAX = 160;
/** A severity and the space behind it. */
const INDENT = 10;

/** Findings for people, the gravest first, by rule: what is wrong, who does it, what to do. */
export function findingsText(findings: readonly Finding[], widthMax: number): string {
  const groups = [...Map.groupBy(findings.filter(isOpen), ({ ruleId }) => ruleId).values()];
  return groups.map((group) => groupText(group, widthMax)).join('\n');
}

/** "Score 65 of 100, confidence high."; null for a scan that was not judged. */
export function scoreText({ metrics }: Pick<ScanFindings, 'metrics'>): string | null {
  if (metrics === null || metrics.score === null) return null;
  return `Score ${metrics.score} of 100, confidence ${metrics.confidence}.`;
}

/** Whether somebody has to look at a finding: it was not closed by people. */
function isOpen({ state }: Finding): boolean {
  return state === 'open' || state === 'acknowledged';
}

/** The open findings that reach a severity. */
export function failingFindings(findings: readonly Finding[], failOn: Finding['severity']): Finding[] {
  return findings.filter((finding) => isOpen(finding) && reaches(finding.severity, failOn));
}

function groupText(group: readonly Finding[], widthMax: number): string {
  const [first] = group;
  const isOneAdvice = group.every(({ advice }) => advice === first?.advice);
  const lines = group
    .slice(0, NAMED_MAX)
    .flatMap((finding, index) => [
      ...hanging(severityLabel(finding, group[index - 1]), titleOf(finding), widthMax),
      ...(finding.evidence.setterChain.length > 1
        ? hanging('', visibleText(finding.evidence.setterChain.join(' → ')), widthMax, '  ')
        : []),
      ...(isOneAdvice ? [] : adviceLines(finding, widthMax)),
    ]);
  const more = group.length - NAMED_MAX;
  return [
    ...lines,
    ...(more > 0 ? hanging('', `and ${counted(more, 'more finding')} of this kind`, widthMax) : []),
    ...(isOneAdvice && first ? adviceLines(first, widthMax) : []),
  ].join('\n');
}

/** Said where it is not that of the finding above. */
function severityLabel({ severity }: Finding, above: Finding | undefined): string {
  return severity === above?.severity ? '' : severity;
}

function adviceLines({ advice }: Finding, widthMax: number): string[] {
  return hanging('', visibleText(advice), widthMax, '→ ');
}

function titleOf({ title, confidence }: Finding): string {
  const { shown, cutFrom } = clipText(title, TITLE_LENGTH_MAX);
  return `${visibleText(shown)}${cutFrom === null ? '' : '…'}${confidence === 'low' ? ' (uncertain)' : ''}`;
}

/** Text beside its label, wrapped below itself. */
function hanging(label: string, text: string, widthMax: number, mark = ''): string[] {
  const lines = wrapText(text, Math.max(40, widthMax - INDENT - mark.length));
  return lines.map(
    (line, index) =>
      `${(index === 0 ? label : '').padEnd(INDENT)}${index === 0 ? mark : ' '.repeat(mark.length)}${line}`,
  );
}
