import { isTerminalStatus, type ScanResult } from '@cookie-scanner/contracts';
import type { ScanRepository } from '@cookie-scanner/database';

/**
 * True when nothing more comes of a scan: it ended, and each of its reports is ready or failed.
 *
 * Reports are recorded a moment after the end, so their absence counts only for a scan that left nothing to report on.
 */
export async function isScanOver(
  scans: Pick<ScanRepository, 'observationArtifact'>,
  scan: ScanResult,
): Promise<boolean> {
  if (!isTerminalStatus(scan.status)) return false;
  if (scan.reports.length > 0) return scan.reports.every(({ state }) => state !== 'queued');
  return (await scans.observationArtifact(scan.id)) === null;
}
