import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { ArtifactStore } from '@cookie-scanner/artifacts';
import type { SiteObservation } from '@cookie-scanner/contracts';
import type { FinishOutcome, ScanRepository } from '@cookie-scanner/database';
import type { Logger } from '@cookie-scanner/observability';
import { redactValues } from '../redact-values.ts';
import { scanTotals } from '../scan-totals.ts';
import { attemptFolder, earlierAttempts, removeUnused } from './attempt-folder.ts';

/** Where results go, and what of them is kept. */
export interface ResultStore {
  readonly scans: Pick<ScanRepository, 'finish' | 'observationArtifact'>;
  readonly artifacts: Pick<ArtifactStore, 'put' | 'delete'>;
  readonly workerId: string;
  /** Keeps the values of cookies in the stored observation; the database never has them. */
  readonly storeCookieValues: boolean;
  readonly valueHashKey: string;
}

interface Attempt {
  readonly scanId: string;
  readonly attempt: number;
  readonly log: Logger;
}

const compress = promisify(gzip);

/**
 * Stores what one attempt saw: first the observation as an artifact, then the result that points to it.
 *
 * @returns `fenced` when another attempt owns the scan; then nothing of this one is left
 * @throws AppError ARTIFACT_STORE_UNAVAILABLE, DATABASE_UNAVAILABLE
 */
export async function storeResult(
  observation: SiteObservation,
  { scanId, attempt, log }: Attempt,
  { scans, artifacts, workerId, storeCookieValues, valueHashKey }: ResultStore,
): Promise<FinishOutcome> {
  const redacted = redactValues(observation, valueHashKey);
  const kept = storeCookieValues ? observation : redacted;
  const key = `${attemptFolder(scanId, attempt)}/observation.json.gz`;
  const artifact = await artifacts.put(key, await compress(JSON.stringify(kept)));

  const totals = scanTotals(observation);
  const result = {
    attempt,
    workerId,
    observation: redacted,
    totals,
    artifact,
    valuesKept: storeCookieValues,
  };
  const outcome = await scans.finish(scanId, result);

  // A commit whose answer was lost on the way shows as fenced too; then the artifact is in use.
  const isStored = outcome === 'committed' || (await scans.observationArtifact(scanId))?.key === key;
  const unused = isStored ? earlierAttempts(scanId, attempt) : [attemptFolder(scanId, attempt)];
  await removeUnused(unused, artifacts, log);
  return isStored ? 'committed' : 'fenced';
}
