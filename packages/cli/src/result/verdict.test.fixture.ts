import { analyseObservation } from '@cookie-scanner/analysis';
import type { ScanFindings, SiteObservation } from '@cookie-scanner/contracts';
import { loadKnowledge } from '@cookie-scanner/knowledge';

const knowledge = loadKnowledge();
const SCAN_ID = '0190a0a0-0000-7000-8000-000000000000';
const AT = '2026-11-22T09:00:00.000Z';

/** The findings of an observation as the API would give them. */
export function verdictOf(observation: SiteObservation): ScanFindings {
  const { judgement, knowledgeVersion } = analyseObservation(observation, knowledge);
  return {
    metrics: { scanId: SCAN_ID, ...judgement.metrics },
    knowledgeVersion,
    items: judgement.findings.map((finding) => ({
      ...finding,
      id: SCAN_ID,
      scanId: SCAN_ID,
      state: 'open',
      stateReason: null,
      createdAt: AT,
      updatedAt: AT,
    })),
    nextCursor: null,
  };
}
