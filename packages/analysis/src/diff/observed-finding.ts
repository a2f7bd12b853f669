import type { FindingFacts, FindingState } from '@cookie-scanner/contracts';

/** A finding of one look at a site, with what people decided about it; without a decision it is open. */
export interface ObservedFinding extends FindingFacts {
  readonly state?: FindingState;
}

/** What makes a finding the same in another scan of the site, in one text: rule and subject. */
export function findingKey({ ruleId, subject }: Pick<FindingFacts, 'ruleId' | 'subject'>): string {
  return subject === '' ? ruleId : `${ruleId} ${subject}`;
}

/** As much of a finding as another scan is compared with. */
export function findingFacts({ ruleId, subject, severity, title }: ObservedFinding): FindingFacts {
  return { ruleId, subject, severity, title };
}

/** Findings that somebody has to look at: people did not close them. */
export function openFindings(findings: readonly ObservedFinding[]): ObservedFinding[] {
  return findings.filter(({ state = 'open' }) => state === 'open' || state === 'acknowledged');
}
