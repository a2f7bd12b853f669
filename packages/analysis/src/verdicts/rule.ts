import type { Confidence, FindingEvidence, Severity } from '@cookie-scanner/contracts';
import type { JudgedSite } from './judged-site.ts';

/** One thing that a rule found. What is left out is what the rule says in general. */
export interface RuleFinding {
  /** The same for the same matter in every scan of a site; empty for the site as a whole. */
  readonly subject: string;
  /** One sentence without a full stop: what is wrong, with what. */
  readonly title: string;
  /** What to do about it. */
  readonly advice: string;
  readonly severity?: Severity;
  /** Default: high. */
  readonly confidence?: Confidence;
  readonly explanation?: string;
  readonly evidence?: Partial<FindingEvidence>;
}

/** A rule that could not be applied, with the reason as a sentence. */
export interface NotChecked {
  readonly notChecked: string;
}

/** What a rule says of a site. No findings means that it looked, and all was in order. */
type RuleVerdict = readonly RuleFinding[] | NotChecked;

/** One rule that a site is held against. docs/playbooks/add-a-rule.md says how to add one. */
export interface Rule {
  /** Stable name; decisions of people and approvals refer to it. */
  readonly id: string;
  /** What the findings have in common, as a heading. */
  readonly name: string;
  /** What is true of a site where it finds nothing, as a sentence. */
  readonly inOrder: string;
  /** Of a finding that says nothing else. */
  readonly severity: Severity;
  /** Most points that all its findings together cost; docs/SCORING.md lists them. */
  readonly pointsMax: number;
  /** Why it matters, for people who are not engineers. */
  readonly why: string;
  readonly legalSources: readonly string[];
  /** A pure function of the site. */
  judge(site: JudgedSite): RuleVerdict;
}

/** True for a rule that could not look. */
export function isNotChecked(verdict: object): verdict is NotChecked {
  return 'notChecked' in verdict;
}

/** A rule could not look, for this reason. */
export function notChecked(reason: string): NotChecked {
  return { notChecked: reason };
}
