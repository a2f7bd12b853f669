import { isTerminalStatus, type ScanResult } from '@cookie-scanner/contracts';
import { filesExpired, type ScanRepository, type StoredArtifact } from '@cookie-scanner/database';
import { AppError } from '@cookie-scanner/errors';

/**
 * Where the observation of a scan lies; null when the scan ended without one.
 *
 * @throws AppError SCAN_NOT_FINISHED, SCAN_DETAILS_EXPIRED
 */
export async function observationOfScan(
  scans: Pick<ScanRepository, 'observationArtifact'>,
  scan: Pick<ScanResult, 'id' | 'status'>,
): Promise<StoredArtifact | null> {
  const artifact = await scans.observationArtifact(scan.id);
  if (artifact?.isExpired === true) throw filesExpired(scan.id);
  if (artifact || isTerminalStatus(scan.status)) return artifact;
  throw new AppError('SCAN_NOT_FINISHED', 'This scan is not finished yet.');
}
