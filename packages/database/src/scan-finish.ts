import { analyseScanQueue, type ScanTotals, type SiteObservation } from '@cookie-scanner/contracts';
import { insertCookies } from './cookie-rows.ts';
import { isCheckViolation } from './database-error.ts';
import { insertPages, insertStorageItems, recordSightings } from './finished-scan-rows.ts';
import { Prisma } from './generated/client.ts';
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
 * when fenced. One statement, and so one round trip, however many rows there are.
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

/** Everything hangs on the row that `scan` gives: without it nothing is inserted. Its lock lasts until all is in. */
async function storeAll(access: DatabaseAccess, id: string, result: FinishedScan): Promise<FinishOutcome> {
  const { cookies, pages, storage } = result.observation;
  const { queue, payload } = pendingJob(analyseScanQueue, { scanId: id });
  const query = Prisma.sql`
    WITH scan AS (${updateScan(id, result)}),
         stored_cookies AS (${insertCookies(cookies)}),
         stored_pages AS (${insertPages(pages)}),
         stored_items AS (${insertStorageItems(storage)}),
         seen AS (${recordSightings()}),
         asked AS (
           INSERT INTO outbox_events (queue, payload) SELECT ${queue}, ${JSON.stringify(payload)}::jsonb FROM scan)
    SELECT id FROM scan`;
  const rows = await access.change([{ name: 'finish-scan', query }]);
  return rows.length === 1 ? 'committed' : 'fenced';
}

/** As many as a scan lists. */
const SKIPPED_PAGES_MAX = 100;

/** The fence. What it gives is what the rows that belong to the scan must know of it. */
function updateScan(
  id: string,
  { attempt, workerId, observation, totals, artifact, valuesKept }: FinishedScan,
): Prisma.Sql {
  const { status, statusReason, finalUrl, durationMs, quality, engine, skippedPages } = observation;
  const skipped = skippedPages.slice(0, SKIPPED_PAGES_MAX);
  return Prisma.sql`
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
    RETURNING id, workspace_id, domain, finished_at`;
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
