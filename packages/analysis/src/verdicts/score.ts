import type { ComplianceMetrics, JudgedFinding, Severity } from '@cookie-scanner/contracts';
import { counted } from '../duration-text.ts';
import type { Rule } from './rule.ts';

/** What one finding costs. docs/SCORING.md lists the same numbers. */
export const POINTS: Readonly<Record<Severity, number>> = {
  critical: 15,
  high: 10,
  medium: 5,
  low: 2,
  info: 0,
};

const SCORE_MAX = 100;

/** What a rule's findings cost together, and why. */
export type Deduction = ComplianceMetrics['deductions'][number];

/**
 * The points that are missing from 100: each finding costs what its severity costs, each rule no more than its own
 * maximum, and all together no more than there are. Their sum is 100 less the score, exactly.
 */
export function deductionsFor(findings: readonly JudgedFinding[], rules: readonly Rule[]): Deduction[] {
  let left = SCORE_MAX;
  return rules.flatMap((rule) => {
    const ofRule = findings.filter(({ ruleId }) => ruleId === rule.id);
    const full = ofRule.reduce((sum, { severity }) => sum + POINTS[severity], 0);
    const capped = Math.min(full, rule.pointsMax);
    const points = Math.min(capped, left);
    if (capped === 0) return [];
    left -= points;
    return [{ ruleId: rule.id, points, explanation: explain(rule, ofRule, { full, capped, points }) }];
  });
}

/** The score that these deductions leave. */
export function scoreAfter(deductions: readonly Deduction[]): number {
  return SCORE_MAX - deductions.reduce((sum, { points }) => sum + points, 0);
}

function explain(
  rule: Rule,
  findings: readonly JudgedFinding[],
  { full, capped, points }: { full: number; capped: number; points: number },
): string {
  const what = `${rule.name}: ${counted(findings.length, 'finding')}`;
  const worth = `worth ${counted(full, 'point')}`;
  const atMost = capped < full ? `, of which this rule counts ${capped} at most` : '';
  const rest =
    points === capped ? '' : points === 0 ? '; none were left' : `; only ${points} of them were left`;
  return `${what} ${worth}${atMost}${rest}.`;
}
