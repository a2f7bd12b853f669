import { cookieIdentity, findingKey, type Analysis } from '@cookie-scanner/analysis';
import type { CookieObservation, FindingState, JudgedFinding, Severity } from '@cookie-scanner/contracts';
import type { FindingDecision, ReportInput } from '../report-input.ts';
import { offsetText } from './page-text.ts';
import { STATE_NAMES } from './state-names.ts';

/** Findings of one rule that stand open; the others are folded away. */
const OPEN_MAX = 6;
/** Findings of one rule that are shown at all; the JSON report has them all. */
const SHOWN_MAX = 300;

/** One finding as the page shows it. */
interface FindingRow {
  readonly title: string;
  /** From the document to whoever did it. */
  readonly chain: readonly string[];
  /** Null where the group says it for all. */
  readonly advice: string | null;
  /** Said only when it is not high. */
  readonly doubt: string | null;
  /** What people decided about it, with their reason; null when nobody did. */
  readonly decision: { readonly text: string; readonly reason: string | null } | null;
  readonly facts: readonly string[];
}

/** The findings of one rule. */
export interface FindingGroup {
  readonly id: string;
  readonly severity: Severity;
  readonly severityName: string;
  readonly name: string;
  /** How many there are, where there is more than one. */
  readonly number: number | null;
  readonly why: string;
  /** What they cost, such as "20 points"; null when nothing. */
  readonly points: string | null;
  readonly legal: readonly string[];
  /** What to do, where that is the same for all; null otherwise. */
  readonly advice: string | null;
  readonly rows: readonly FindingRow[];
  readonly folded: readonly FindingRow[];
  readonly leftOut: string | null;
}

export const SEVERITY_NAMES: Readonly<Record<Severity, string>> = {
  critical: 'Critical',
  high: 'High',
  medium: 'Medium',
  low: 'Low',
  info: 'To know',
};

/** The findings by rule, the gravest rule first. */
export function findingGroups({
  analysis: { judgement },
  decisions,
}: Pick<ReportInput, 'analysis' | 'decisions'>): FindingGroup[] {
  const byRule = Map.groupBy(judgement.findings, ({ ruleId }) => ruleId);
  return [...byRule.values()].map((findings) =>
    groupOf(openFirst(findings, decisions), judgement, decisions),
  );
}

function groupOf(
  findings: readonly JudgedFinding[],
  { checks, metrics }: Analysis['judgement'],
  decisions: ReportInput['decisions'],
): FindingGroup {
  const [first] = findings;
  if (!first) throw new Error('a group of findings is never empty');
  const check = checks.find(({ ruleId }) => ruleId === first.ruleId);
  const points = metrics.deductions.find(({ ruleId }) => ruleId === first.ruleId)?.points ?? 0;
  const advice = findings.every((finding) => finding.advice === first.advice) ? first.advice : null;
  const rows = findings
    .slice(0, SHOWN_MAX)
    .map((finding) =>
      rowOf(finding, { saysAdvice: advice === null, decision: decisions.get(findingKey(finding)) }),
    );
  const left = findings.length - rows.length;
  return {
    id: first.ruleId,
    severity: first.severity,
    severityName: SEVERITY_NAMES[first.severity],
    name: check?.name ?? first.ruleId,
    number: findings.length > 1 ? findings.length : null,
    why: first.explanation,
    points: points === 0 ? null : `−${points} ${points === 1 ? 'point' : 'points'}`,
    legal: first.legalSources,
    advice,
    rows: rows.slice(0, OPEN_MAX),
    folded: rows.slice(OPEN_MAX),
    leftOut: left > 0 ? `${left.toLocaleString('en-GB')} more are in the JSON report.` : null,
  };
}

/** What nobody has to look at any more stands behind what is open; the order stays otherwise. */
function openFirst(
  findings: readonly JudgedFinding[],
  decisions: ReportInput['decisions'],
): readonly JudgedFinding[] {
  const isClosed = (finding: JudgedFinding): boolean => {
    const state = decisions.get(findingKey(finding))?.state ?? 'open';
    return state !== 'open' && state !== 'acknowledged';
  };
  return findings.toSorted((a, b) => Number(isClosed(a)) - Number(isClosed(b)));
}

const DECISIONS: Readonly<Record<FindingState, string>> = {
  open: 'Open',
  acknowledged: 'Somebody looks after it',
  accepted: 'Accepted',
  false_positive: 'Held to be wrong',
  resolved: 'Said to be resolved',
};

function rowOf(
  { title, evidence, advice, confidence }: JudgedFinding,
  { saysAdvice, decision }: { readonly saysAdvice: boolean; readonly decision: FindingDecision | undefined },
): FindingRow {
  const { atMs, consentState, setterChain, facts } = evidence;
  const when = [
    ...(consentState === null ? [] : [STATE_NAMES[consentState].seen]),
    ...(atMs === null ? [] : [`${offsetText(atMs)} after the start`]),
  ];
  return {
    title,
    chain: setterChain,
    advice: saysAdvice ? advice : null,
    decision: decision ? { text: DECISIONS[decision.state], reason: decision.reason } : null,
    doubt: confidence === 'high' ? null : confidence === 'medium' ? 'probable' : 'uncertain',
    facts: [...facts, ...(when.length === 0 ? [] : [`Seen ${when.join(', ')}`])],
  };
}

/** The gravest finding about each cookie, by the cookie's identity. */
export function severityOfCookies({ judgement }: Analysis): (cookie: CookieObservation) => Severity | null {
  const gravest = new Map<string, Severity>();
  for (const { subject, severity, evidence } of judgement.findings) {
    // What is only good to know marks no cookie.
    if (severity === 'info') continue;
    if (evidence.cookieName !== null && !gravest.has(subject)) gravest.set(subject, severity);
  }
  return (cookie) => gravest.get(cookieIdentity(cookie).key) ?? null;
}
