import type { AnalyseScanJob, ReportFormat } from '@cookie-scanner/contracts';
import { isTerminalStatus } from '@cookie-scanner/contracts';
import type { ReportRepository, ScanRepository } from '@cookie-scanner/database';
import { AppError } from '@cookie-scanner/errors';
import type { Processor } from '@cookie-scanner/queues';

/** Reports that every scan gets. */
const FORMATS: readonly ReportFormat[] = ['html', 'json'];

/** What analysing needs. */
export interface AnalyseScanDeps {
  readonly scans: Pick<ScanRepository, 'find' | 'observationArtifact'>;
  readonly reports: Pick<ReportRepository, 'createForScan'>;
}

/**
 * Asks for the reports of a finished scan.
 *
 * Safe to run twice: a report that exists is left alone. A scan that ended without an observation gets none.
 *
 * @throws AppError SCAN_NOT_FOUND when the scan was deleted meanwhile (not retried)
 * @throws AppError SCAN_NOT_FINISHED when it has no result yet (retried)
 */
export function analyseScanProcessor({ scans, reports }: AnalyseScanDeps): Processor<AnalyseScanJob> {
  return async ({ scanId }, { log }) => {
    const scan = await scans.find(scanId);
    if (!scan) throw new AppError('SCAN_NOT_FOUND', `scan ${scanId} does not exist`, { scanId });
    if (!isTerminalStatus(scan.status)) {
      throw new AppError('SCAN_NOT_FINISHED', `scan ${scanId} has not finished yet`, { scanId });
    }
    if ((await scans.observationArtifact(scanId)) === null) {
      log.warn('a scan ended without an observation; it gets no reports', { scanId, status: scan.status });
      return;
    }
    await reports.createForScan(scanId, FORMATS);
    log.info('asked for the reports of a scan', { scanId, formats: FORMATS });
  };
}
