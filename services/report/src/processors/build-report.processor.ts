import { readObservation, type ArtifactStore, type LostObservation } from '@cookie-scanner/artifacts';
import type { BuildReportJob, SiteObservation } from '@cookie-scanner/contracts';
import type { FindingRepository, Report, ReportRepository, ScanRepository } from '@cookie-scanner/database';
import { AppError } from '@cookie-scanner/errors';
import type { Processor } from '@cookie-scanner/queues';
import { findingDecisions } from '../finding-decisions.ts';
import type { AnalyseScan } from '../analyse-scan.ts';
import type { Renderers } from '../renderers.ts';
import { reportPictures } from '../report-pictures.ts';

/** What building a report needs. */
export interface BuildReportDeps {
  readonly scans: Pick<ScanRepository, 'find' | 'observationArtifact'>;
  readonly findings: Pick<FindingRepository, 'listOfScan'>;
  readonly reports: Pick<ReportRepository, 'find' | 'markReady' | 'markFailed'>;
  readonly artifacts: Pick<ArtifactStore, 'get' | 'put'>;
  readonly renderers: Renderers;
  readonly analyse: AnalyseScan;
  /** Called for each report that was settled here, for metrics. */
  readonly onSettled?: (report: Report, state: 'ready' | 'failed') => void;
}

/**
 * Renders one report, stores it and marks it ready; with the last one people are told that the scan is over.
 *
 * Safe to run twice, also at the same time: the same observation gives the same bytes under the same key. An
 * observation that is lost or damaged fails the report, with the reason in its row, and is not tried again.
 *
 * @throws AppError REPORT_NOT_FOUND, SCAN_NOT_FOUND when the row was deleted meanwhile (not retried)
 * @throws AppError ARTIFACT_STORE_UNAVAILABLE, DATABASE_UNAVAILABLE (retried)
 */
export function buildReportProcessor(deps: BuildReportDeps): Processor<BuildReportJob> {
  const { scans, findings, reports, artifacts, renderers, analyse, onSettled } = deps;

  return async ({ reportId }, { signal, log }) => {
    const report = await reports.find(reportId);
    if (!report) throw new AppError('REPORT_NOT_FOUND', `report ${reportId} does not exist`, { reportId });
    if (report.state !== 'queued') return;
    const { scanId, format } = report;

    const scan = await scans.find(scanId);
    if (!scan) throw new AppError('SCAN_NOT_FOUND', `scan ${scanId} does not exist`, { scanId });

    const found = await loadObservation(deps, scanId);
    if ('lost' in found) {
      await reports.markFailed(reportId, found.lost);
      onSettled?.(report, 'failed');
      log.error('a report cannot be built', { reportId, scanId, format, reason: found.lost });
      return;
    }

    const pictures = format === 'html' ? await reportPictures(artifacts, found.observation) : [];
    const analysis = await analyse(scanId, found.observation);
    const decisions = await findingDecisions(findings, scanId);
    const content = renderers[format]({ scan, ...found, analysis, decisions, pictures });
    signal.throwIfAborted();
    const artifact = await artifacts.put(`reports/${scanId}/${reportId}.${format}`, Buffer.from(content));
    await reports.markReady(reportId, { artifact });
    onSettled?.(report, 'ready');
    log.info('built a report', { reportId, scanId, format, sizeBytes: artifact.sizeBytes });
  };
}

async function loadObservation(
  { scans, artifacts }: BuildReportDeps,
  scanId: string,
): Promise<{ observation: SiteObservation; observationSha256: string } | LostObservation> {
  const stored = await scans.observationArtifact(scanId);
  if (!stored) return { lost: 'the scan has no observation' };
  const observation = await readObservation(artifacts, stored);
  return 'lost' in observation ? observation : { observation, observationSha256: stored.sha256 };
}
