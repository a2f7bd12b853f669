import { classifyCookies } from '@cookie-scanner/analysis';
import type { ArtifactStore } from '@cookie-scanner/artifacts';
import type { AnalyseScanJob, ReportFormat } from '@cookie-scanner/contracts';
import { isTerminalStatus } from '@cookie-scanner/contracts';
import type { ReportRepository, ScanRepository, StoredArtifact } from '@cookie-scanner/database';
import { AppError } from '@cookie-scanner/errors';
import { loadKnowledge } from '@cookie-scanner/knowledge';
import type { Processor } from '@cookie-scanner/queues';
import type { ClassificationBasis } from '../classification-basis.ts';
import { readObservation } from '../stored-observation.ts';

/** Reports that every scan gets. */
const FORMATS: readonly ReportFormat[] = ['html', 'json'];

/** What analysing needs. */
export interface AnalyseScanDeps {
  readonly scans: Pick<ScanRepository, 'find' | 'observationArtifact' | 'classifyCookies'>;
  readonly reports: Pick<ReportRepository, 'createForScan'>;
  readonly artifacts: Pick<ArtifactStore, 'get'>;
  readonly basisOf: ClassificationBasis;
}

/**
 * Notes what the cookies of a finished scan are for, then asks for its reports.
 *
 * Safe to run twice: the same observation gives the same notes, and a report that exists is left alone. A scan that ended
 * without an observation gets neither; where it is lost or damaged, the reports say so.
 *
 * @throws AppError SCAN_NOT_FOUND when the scan was deleted meanwhile (not retried)
 * @throws AppError SCAN_NOT_FINISHED when it has no result yet (retried)
 * @throws AppError ARTIFACT_STORE_UNAVAILABLE, DATABASE_UNAVAILABLE (retried)
 */
export function analyseScanProcessor(deps: AnalyseScanDeps): Processor<AnalyseScanJob> {
  const { scans, reports } = deps;
  return async ({ scanId }, { log }) => {
    const scan = await scans.find(scanId);
    if (!scan) throw new AppError('SCAN_NOT_FOUND', `scan ${scanId} does not exist`, { scanId });
    if (!isTerminalStatus(scan.status)) {
      throw new AppError('SCAN_NOT_FINISHED', `scan ${scanId} has not finished yet`, { scanId });
    }
    const artifact = await scans.observationArtifact(scanId);
    if (artifact === null) {
      log.warn('a scan ended without an observation; it gets no reports', { scanId, status: scan.status });
      return;
    }
    const classified = await classifyScan(deps, scanId, artifact);
    log.info('noted what cookies are for', { scanId, classified });
    await reports.createForScan(scanId, FORMATS);
    log.info('asked for the reports of a scan', { scanId, formats: FORMATS });
  };
}

/** How many cookies were marked; null when the observation is lost. */
async function classifyScan(
  { scans, artifacts, basisOf }: AnalyseScanDeps,
  scanId: string,
  artifact: StoredArtifact,
): Promise<number | null> {
  const observation = await readObservation(artifacts, artifact);
  if ('lost' in observation) return null;
  const classified = classifyCookies(observation, loadKnowledge(), await basisOf(scanId, observation));
  return scans.classifyCookies(
    scanId,
    classified.map(({ classification }, position) => ({ position, classification })),
  );
}
