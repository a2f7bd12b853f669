import type { ComplianceMetrics, CookieClassification, JudgedFinding } from '@cookie-scanner/contracts';
import { newFinding } from './finding-content.ts';
import type { FindingRepository } from './finding.repository.ts';
import type { ScanRepository } from './scan.repository.ts';

/** Where the analysis of a scan is stored. */
export interface AnalysisStores {
  readonly scans: Pick<ScanRepository, 'classifyCookies' | 'classifyStorage' | 'recordAnalysis'>;
  readonly findings: Pick<FindingRepository, 'replaceForScan'>;
}

/** What follows from the observation of a scan. */
export interface AnalysisToStore {
  /** In the order of the observation. */
  readonly cookies: readonly { readonly classification: CookieClassification }[];
  /** In the order of the observation. */
  readonly storage: readonly { readonly classification: CookieClassification }[];
  readonly judgement: {
    readonly findings: readonly JudgedFinding[];
    readonly metrics: Omit<ComplianceMetrics, 'scanId'>;
  };
  readonly knowledgeVersion: string;
}

/**
 * Stores what the cookies and storage items of a finished scan are for, its findings and its metrics, in place of what was there. Safe to
 * run twice: decisions of people about findings stay.
 *
 * @throws AppError SCAN_NOT_FOUND, SCAN_NOT_FINISHED
 */
export async function storeAnalysis(
  { scans, findings }: AnalysisStores,
  scanId: string,
  { cookies, storage, judgement, knowledgeVersion }: AnalysisToStore,
): Promise<void> {
  await scans.classifyCookies(scanId, cookies.map(positioned));
  await scans.classifyStorage(scanId, storage.map(positioned));
  await findings.replaceForScan(scanId, judgement.findings.map(newFinding));
  // Last, because it says that the rest is there.
  await scans.recordAnalysis(scanId, { metrics: { scanId, ...judgement.metrics }, knowledgeVersion });
}

function positioned(
  { classification }: { readonly classification: CookieClassification },
  position: number,
): { position: number; classification: CookieClassification } {
  return { position, classification };
}
