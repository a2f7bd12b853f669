import { readObservation, type ArtifactStore } from '@cookie-scanner/artifacts';
import type { AnalyseScanJob, ReportFormat } from '@cookie-scanner/contracts';
import { isTerminalStatus } from '@cookie-scanner/contracts';
import {
  storeAnalysis,
  type FindingRepository,
  type ReportRepository,
  type ScanRepository,
} from '@cookie-scanner/database';
import { AppError } from '@cookie-scanner/errors';
import type { Processor } from '@cookie-scanner/queues';
import type { AnalyseScan } from '../analyse-scan.ts';

/** Reports that every scan gets. */
const FORMATS: readonly ReportFormat[] = ['html', 'json'];

/** What analysing needs. */
export interface AnalyseScanDeps {
  readonly scans: Pick<
    ScanRepository,
    'find' | 'observationArtifact' | 'classifyCookies' | 'classifyStorage' | 'recordAnalysis'
  >;
  readonly findings: Pick<FindingRepository, 'replaceForScan'>;
  readonly reports: Pick<ReportRepository, 'createForScan'>;
  readonly artifacts: Pick<ArtifactStore, 'get'>;
  readonly analyse: AnalyseScan;
}

/**
 * Judges a finished scan, stores what its cookies are for, its findings and its metrics, and asks for its reports.
 *
 * Safe to run twice: the same observation gives the same judgement, decisions about findings stay, and a report that
 * exists is left alone. A scan that ended without an observation gets neither; one whose observation is lost gets
 * reports, which say so.
 *
 * @throws AppError SCAN_NOT_FOUND when the scan was deleted meanwhile (not retried)
 * @throws AppError SCAN_NOT_FINISHED when it has no result yet (retried)
 * @throws AppError ARTIFACT_STORE_UNAVAILABLE, DATABASE_UNAVAILABLE (retried)
 */
export function analyseScanProcessor(deps: AnalyseScanDeps): Processor<AnalyseScanJob> {
  const { scans, reports, artifacts, analyse } = deps;
  return async ({ scanId, again }, { log }) => {
    const scan = await scans.find(scanId);
    if (!scan) throw new AppError('SCAN_NOT_FOUND', `scan ${scanId} does not exist`, { scanId });
    if (!isTerminalStatus(scan.status)) {
      throw new AppError('SCAN_NOT_FINISHED', `scan ${scanId} has not finished yet`, { scanId });
    }
    const stored = await scans.observationArtifact(scanId);
    if (stored === null) {
      log.warn('a scan ended without an observation; it gets no reports', { scanId, status: scan.status });
      return;
    }
    const observation = await readObservation(artifacts, stored);
    if ('lost' in observation) {
      log.error('a scan cannot be analysed', { scanId, reason: observation.lost });
    } else {
      const analysis = await analyse(scanId, observation);
      await storeAnalysis(deps, scanId, analysis);
      const { findings, metrics } = analysis.judgement;
      log.info('analysed a scan', { scanId, findings: findings.length, score: metrics.score });
    }
    await reports.createForScan(scanId, FORMATS, again);
    log.info('asked for the reports of a scan', { scanId, formats: FORMATS });
  };
}
