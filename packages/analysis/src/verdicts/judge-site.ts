import {
  cookieCategorySchema,
  severitySchema,
  type ComplianceMetrics,
  type JudgedFinding,
  type SiteObservation,
} from '@cookie-scanner/contracts';
import { RULES } from '../rules/rules.ts';
import { cameUnasked } from '../rules/cookie-before-consent.rule.ts';
import { byKeys } from '../sort-order.ts';
import { inState, needsConsent } from './judged-cookie.ts';
import { judgedSite, type JudgedSite, type JudgingKnowledge } from './judged-site.ts';
import { judgingConfidence } from './judging-confidence.ts';
import { isNotChecked, type Rule, type RuleFinding } from './rule.ts';
import { deductionsFor, scoreAfter } from './score.ts';
import { SEVERITIES } from './severity.ts';

/** What became of one rule. */
export interface RuleCheck {
  readonly ruleId: string;
  readonly name: string;
  readonly outcome: 'found' | 'in_order' | 'not_checked';
  /** For `found` why it matters, for `in_order` what is true, for `not_checked` why not. */
  readonly text: string;
  readonly legalSources: readonly string[];
  readonly findings: number;
}

/** The numbers of a judgement; the scan they belong to is known to whoever stores them. */
export type SiteMetrics = Omit<ComplianceMetrics, 'scanId'>;

/** How a site stands against the rules. */
export interface Judgement {
  /** The gravest first, then in the order of the rules. */
  readonly findings: readonly JudgedFinding[];
  /** One for each rule, in their order. */
  readonly checks: readonly RuleCheck[];
  readonly metrics: SiteMetrics;
}

/**
 * Holds an observation against every rule. Depends on nothing but its arguments: the same observation and the same
 * knowledge always give the same judgement.
 */
export function judgeSite(observation: SiteObservation, knowledge: JudgingKnowledge): Judgement {
  const site = judgedSite(observation, knowledge);
  const judged = RULES.map((rule) => judgeBy(rule, site));
  const findings = judged.flatMap(({ findings: ofRule }) => ofRule).toSorted(byGravity);
  return { findings, checks: judged.map(({ check }) => check), metrics: metricsOf(site, findings) };
}

function judgeBy(rule: Rule, site: JudgedSite): { findings: JudgedFinding[]; check: RuleCheck } {
  const verdict = site.isSeen ? rule.judge(site) : { notChecked: 'The site was not seen.' };
  const findings = isNotChecked(verdict)
    ? []
    : uniqueBySubject(verdict).map((finding) => complete(rule, finding));
  const outcome = isNotChecked(verdict) ? 'not_checked' : findings.length > 0 ? 'found' : 'in_order';
  const text = isNotChecked(verdict) ? verdict.notChecked : findings.length > 0 ? rule.why : rule.inOrder;
  const { id: ruleId, name, legalSources } = rule;
  return { findings, check: { ruleId, name, outcome, text, legalSources, findings: findings.length } };
}

/** Cookies whose names rotate are one matter, not several. */
function uniqueBySubject(findings: readonly RuleFinding[]): RuleFinding[] {
  return [
    ...new Map(findings.toReversed().map((finding) => [finding.subject, finding])).values(),
  ].toReversed();
}

function complete(
  rule: Rule,
  { severity, confidence, explanation, evidence, ...finding }: RuleFinding,
): JudgedFinding {
  return {
    ruleId: rule.id,
    ...finding,
    severity: severity ?? rule.severity,
    confidence: confidence ?? 'high',
    explanation: explanation ?? rule.why,
    legalSources: [...rule.legalSources],
    evidence: { ...NO_EVIDENCE, ...evidence },
  };
}

const NO_EVIDENCE: JudgedFinding['evidence'] = {
  cookieName: null,
  cookieDomain: null,
  url: null,
  setterChain: [],
  atMs: null,
  consentState: null,
  screenshots: [],
  facts: [],
};

const ruleOrder = new Map(RULES.map(({ id }, index) => [id, index]));
const byGravity = byKeys<JudgedFinding>(({ severity, ruleId, subject }) => [
  -SEVERITIES.indexOf(severity),
  ruleOrder.get(ruleId) ?? RULES.length,
  subject,
]);

function metricsOf(site: JudgedSite, findings: readonly JudgedFinding[]): SiteMetrics {
  const deductions = deductionsFor(findings, RULES);
  return {
    score: site.isSeen ? scoreAfter(deductions) : null,
    ...judgingConfidence(site),
    deductions,
    findingsBySeverity: countBy(severitySchema.options, findings, ({ severity }) => severity),
    cookiesByCategory: countBy(
      cookieCategorySchema.options,
      site.cookies,
      ({ classification }) => classification.category,
    ),
    cookiesBeforeConsent: site.cookies.filter((judged) => needsConsent(judged) && cameUnasked(judged)).length,
    cookiesAfterReject: site.cookies.filter(
      (judged) => needsConsent(judged) && inState(judged, 'reject')?.atEnd === true,
    ).length,
  };
}

function countBy<K extends string, T>(
  keys: readonly K[],
  items: readonly T[],
  keyOf: (item: T) => K,
): Record<K, number> {
  const counts = Object.fromEntries(keys.map((key) => [key, 0])) as Record<K, number>;
  for (const item of items) counts[keyOf(item)] += 1;
  return counts;
}
