import { findingKey } from '@cookie-scanner/analysis';
import type { FindingRepository, PageRequest } from '@cookie-scanner/database';
import type { FindingDecision } from './report-input.ts';

const FINDINGS_PER_PAGE = 1_000;

/**
 * What people decided about the findings of a scan, by `findingKey`; those that nobody decided about are missing.
 *
 * @throws AppError DATABASE_UNAVAILABLE (retry later)
 */
export async function findingDecisions(
  findings: Pick<FindingRepository, 'listOfScan'>,
  scanId: string,
): Promise<Map<string, FindingDecision>> {
  const decisions = new Map<string, FindingDecision>();
  let cursor: PageRequest['cursor'] = null;
  do {
    const page = await findings.listOfScan(scanId, { cursor, limit: FINDINGS_PER_PAGE });
    for (const finding of page.items) {
      const { state, stateReason: reason } = finding;
      if (state !== 'open') decisions.set(findingKey(finding), { state, reason });
    }
    cursor = page.nextCursor;
  } while (cursor !== null);
  return decisions;
}
