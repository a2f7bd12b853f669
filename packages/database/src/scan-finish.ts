import { analyseScanQueue, type ScanTotals, type SiteObservation } from '@cookie-scanner/contracts';
import { insertCookies } from './cookie-rows.ts';
import { isCheckViolation } from './database-error.ts';
import {
  insertPages,
  insertStorageItems,
  recordSightings,
  type ScanBeingFinished,
} from './finished-scan-rows.ts';
import type { Prisma } from './generated/client.ts';
import { createMonthsAhead } from './month-partitions.ts';
import type { DatabaseAccess } from './open-database.ts';
import { pendingJob, writeOutbox } from './outbox-write.ts';
import { toBoundedText, toPostgresJson, toPostgresText } from './postgres-text.ts';
import { scanFinishedJob } from './scan-finished-event.ts';
import type { StoredArtifact } from './stored-artifact.ts';

/** What a worker hands in when the engine is done. */
export interface FinishedScan {
  /** As `claim` gave it out: only the newest attempt may write. */
  attempt: number;
  workerId: string;
  observation: SiteObservation;
  totals: ScanTotals;
  /** Where the observation was stored, before this call. */
  artifact: StoredArtifact;
  /** Whether the stored observation carries the cookies' values. */
  valuesKept: boolean;
}

/** `fenced`: the claim was lost meanwhile, and nothing was written. */
export type FinishOutcome = 'committed' | 'fenced';

/**
 * Stores the result of a scan, its cookies, pages and storage items, and the request to analyse it: all of it, or nothing
 * when fenced. One round trip per table, however many rows there are.
 */
export async function finishScan(
  access: DatabaseAccess,
  id: string,
  result: FinishedScan,
): Promise<FinishOutcome> {
  try {
    return await storeAll(access, id, result);
  } catch (error) {
    // PostgreSQL says the same of a row that breaks a check and of one whose month has no partition.
    if (!isCheckViolation(error) || (await createMonthsAhead(access, 1)).length === 0) throw error;
    return storeAll(access, id, result);
  }
}

function storeAll(access: DatabaseAccess, id: string, result: FinishedScan): Promise<FinishOutcome> {
  const { cookies, pages, storage } = result.observation;
  return access.transaction(async (tx) => {
    // The fence comes first: it also locks the row until everything is in.
    const scan = await commitResult(tx, id, result);
    if (scan === null) return 'fenced';
    await insertCookies(tx, scan, cookies);
    await insertPages(tx, scan, pages);
    await insertStorageItems(tx, scan, storage);
    if (cookies.length > 0) await recordSightings(tx, scan);
    await writeOutbox(tx, [pendingJob(analyseScanQueue, { scanId: id })]);
    return 'committed';
  });
}

/** As many as a scan lists. */
const SKIPPED_PAGES_MAX = 100;

async function commitResult(
  tx: Prisma.TransactionClient,
  id: string,
  { attempt, workerId, observation, totals, artifact, valuesKept }: FinishedScan,
): Promise<ScanBeingFinished | null> {
  const { status, statusReason, finalUrl, durationMs, quality, engine, skippedPages } = observation;
  const skipped = skippedPages.slice(0, SKIPPED_PAGES_MAX);
  const [scan] = await tx.$queryRaw<ScanBeingFinished[]>`
    UPDATE scan_results
       SET status = ${status}::scan_status, status_reason = ${reasonText(statusReason)},
           final_url = ${finalUrl === null ? null : toBoundedText(finalUrl)},
           finished_at = now(), offered_at = now(), lease_until = NULL, duration_ms = ${Math.round(durationMs)},
           totals = ${JSON.stringify(totals)}::jsonb, quality = ${JSON.stringify(toPostgresJson(quality))}::jsonb,
           skipped_pages = ${JSON.stringify(toPostgresJson(skipped))}::jsonb,
           engine_version = ${versionText(engine.version)}, browser_version = ${versionText(engine.browser)},
           observation_key = ${artifact.key}, observation_sha256 = ${artifact.sha256},
           observation_size_bytes = ${artifact.sizeBytes}, values_kept = ${valuesKept}
     WHERE id = ${id}::uuid AND attempt = ${attempt} AND worker_id = ${workerId} AND status = 'running'
    RETURNING id, workspace_id AS "workspaceId", domain, finished_at::text AS "scannedAt"`;
  return scan ?? null;
}

/** Ends a scan that brought nothing, by a fault of ours; people are told at once, for no report will follow. */
export function finishScanWithoutResult(
  access: DatabaseAccess,
  id: string,
  { attempt, status, statusReason }: { attempt: number; status: 'failed'; statusReason: string },
): Promise<FinishOutcome> {
  return access.transaction(async (tx) => {
    const count = await tx.$executeRaw`
      UPDATE scan_results
         SET status = ${status}::scan_status, status_reason = ${reasonText(statusReason)},
             finished_at = now(), offered_at = now(), lease_until = NULL
       WHERE id = ${id}::uuid AND attempt = ${attempt} AND status = 'running'`;
    if (count === 0) return 'fenced';
    await writeOutbox(tx, [scanFinishedJob(id)]);
    return 'committed';
  });
}

/** A version is ours or the browser's own word; whatever it says, it must not cost the result. */
function versionText(version: string): string {
  return toPostgresText(version.slice(0, 150));
}

function reasonText(reason: string | null): string | null {
  return reason === null || reason === '' ? null : toBoundedText(reason);
}
