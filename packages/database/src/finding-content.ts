import {
  findingEvidenceSchema,
  judgedFindingSchema,
  type Finding,
  type JudgedFinding,
} from '@cookie-scanner/contracts';
import { createHash } from 'node:crypto';
import type { NewFinding, StoredFinding } from './stored-finding.ts';

/** What the column `detail` keeps of a finding: all that is shown, and that nobody searches for. */
const detailSchema = judgedFindingSchema
  .pick({ subject: true, explanation: true, advice: true, legalSources: true })
  .extend({ evidence: findingEvidenceSchema })
  .partial();

/** A finding as it is stored. Its fingerprint is the same for the same rule and subject in every scan of a site. */
export function newFinding(judged: JudgedFinding): NewFinding {
  const { ruleId, subject, severity, confidence, title, explanation, advice, legalSources, evidence } =
    judged;
  return {
    rule: ruleId,
    fingerprint: findingFingerprint(ruleId, subject),
    severity,
    confidence,
    title,
    detail: { subject, explanation, advice, legalSources, evidence },
  };
}

/** 64 hexadecimal digits for a rule and what it found. */
function findingFingerprint(ruleId: string, subject: string): string {
  return createHash('sha256').update(`${ruleId}\n${subject}`).digest('hex');
}

/** A stored finding as the API shows it. What an older version did not store is empty. */
export function findingFromStored(stored: StoredFinding): Finding {
  const detail = detailSchema.parse(stored.detail);
  return {
    id: stored.id,
    scanId: stored.scanId,
    ruleId: stored.rule,
    subject: detail.subject ?? '',
    severity: stored.severity,
    confidence: stored.confidence,
    state: stored.state,
    title: stored.title,
    explanation: detail.explanation ?? '',
    advice: detail.advice ?? '',
    legalSources: detail.legalSources ?? [],
    evidence: detail.evidence ?? findingEvidenceSchema.parse({}),
    stateReason: stored.decisionNote,
    createdAt: stored.createdAt,
    updatedAt: stored.updatedAt,
  };
}
