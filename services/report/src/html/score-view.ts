import { SEVERITIES, type Analysis, type RuleCheck } from '@cookie-scanner/analysis';
import { SEVERITY_NAMES } from './finding-groups.ts';

/** Scores from which a site is all right, and from which it is not too bad. */
const GOOD_FROM = 90;
const FAIR_FROM = 60;

const CONFIDENCE = {
  high: 'The scan saw what it needed to judge.',
  medium: 'Some of what is needed to judge was not seen.',
  low: 'Much of what is needed to judge was not seen.',
} as const;

/** The score with everything that explains it. */
export function scoreView({ judgement: { metrics, checks, findings } }: Analysis) {
  const { score, confidence, confidenceReasons, deductions, findingsBySeverity } = metrics;
  return {
    score: score === null ? null : { value: String(score), share: `${score}%`, tone: toneOf(score) },
    confidence: { level: confidence, meaning: CONFIDENCE[confidence], reasons: confidenceReasons },
    severities: SEVERITIES.toReversed()
      .filter((severity) => findingsBySeverity[severity] > 0)
      .map((severity) => ({ severity, name: SEVERITY_NAMES[severity], count: findingsBySeverity[severity] })),
    hasFindings: findings.length > 0,
    deductions: deductions.map(({ points, explanation }) => ({
      points: points === 0 ? '0' : `−${points}`,
      explanation,
    })),
    inOrder: checks.filter(({ outcome }) => outcome === 'in_order').map(({ text }) => text),
    notChecked: notChecked(checks),
    notCheckedCount: checks.filter(({ outcome }) => outcome === 'not_checked').length,
  };
}

function toneOf(score: number): 'good' | 'fair' | 'bad' {
  if (score >= GOOD_FROM) return 'good';
  return score >= FAIR_FROM ? 'fair' : 'bad';
}

/** Rules that could not be applied, those with the same reason together. */
function notChecked(checks: readonly RuleCheck[]): { reason: string; names: string }[] {
  const byReason = Map.groupBy(
    checks.filter(({ outcome }) => outcome === 'not_checked'),
    ({ text }) => text,
  );
  return [...byReason].map(([reason, ofReason]) => ({
    reason,
    names: ofReason.map(({ name }) => name).join(' · '),
  }));
}
