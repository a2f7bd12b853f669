import { scanSiteQueue } from '@cookie-scanner/contracts';
import type { Prisma } from './generated/client.ts';
import type { DatabaseAccess } from './open-database.ts';
import { pendingJob, writeOutbox } from './outbox-write.ts';
import { scanFinishedJob } from './scan-finished-event.ts';

/** When a scan counts as lost on its way to a worker, and how many are handled in one go. */
export interface ReofferOptions {
  /** A scan that was offered this long ago and is still queued is offered again; each time the wait doubles. */
  queuedOlderThanMs: number;
  /** Scans handled at most in one call. */
  limit: number;
}

/** What became of scans that showed no sign of life. */
export interface ReofferedScans {
  /** Scans that were offered again, for either reason. */
  offered: number;
  /** Those of them whose worker fell silent; the others were never taken. */
  leasesExpired: number;
  /** Scans whose worker fell silent once too often, and that ended for it. */
  givenUp: number;
}

/** Doublings of the wait between offers, so that a long queue is not filled with copies of itself. */
export const OFFER_DOUBLINGS_MAX = 5;

/**
 * Offers scans to the queue again whose job was lost or whose worker fell silent. A queued scan whose job still waits
 * in the outbox is left alone; one that lost as many workers as its claims allowed is given up. Safe to run in several
 * processes at once.
 */
export function reofferStaleScans(access: DatabaseAccess, options: ReofferOptions): Promise<ReofferedScans> {
  return access.transaction(async (tx) => {
    const givenUp = await giveUpCrashed(tx, options);
    const scans = await requeueStale(tx, options);
    await writeOutbox(
      tx,
      scans.map(({ id, offer }) => pendingJob(scanSiteQueue, { scanId: id, offer })),
    );
    const leasesExpired = scans.filter(({ was_running }) => was_running).length;
    return { offered: scans.length, leasesExpired, givenUp };
  });
}

async function giveUpCrashed(tx: Prisma.TransactionClient, { limit }: ReofferOptions): Promise<number> {
  const scans = await tx.$queryRaw<{ id: string }[]>`
    WITH crashed AS MATERIALIZED (
      SELECT id FROM scan_results
       WHERE status = 'running' AND lease_until < now() AND attempt - released_count >= attempts_max
       ORDER BY lease_until LIMIT ${limit} FOR UPDATE SKIP LOCKED
    )
    UPDATE scan_results
       SET status = 'failed', status_reason = 'worker_crashed', finished_at = now(), offered_at = now(), lease_until = NULL
     WHERE id IN (SELECT id FROM crashed)
    RETURNING id`;
  await writeOutbox(
    tx,
    scans.map(({ id }) => scanFinishedJob(id)),
  );
  return scans.length;
}

function requeueStale(
  tx: Prisma.TransactionClient,
  { queuedOlderThanMs, limit }: ReofferOptions,
): Promise<{ id: string; offer: number; was_running: boolean }[]> {
  return tx.$queryRaw`
    WITH silent AS MATERIALIZED (
      SELECT id FROM scan_results
       WHERE status = 'running' AND lease_until < now()
       ORDER BY lease_until LIMIT ${limit} FOR UPDATE SKIP LOCKED
    ), waiting AS MATERIALIZED (
      SELECT id FROM scan_results AS scan
       WHERE status = 'queued' AND pool_missing_since IS NULL
         AND offered_at < now() - ${queuedOlderThanMs} * 2 ^ least(offer, ${OFFER_DOUBLINGS_MAX}) * interval '1 millisecond'
         AND NOT EXISTS (
           SELECT FROM outbox_events AS event
            WHERE sent_at IS NULL AND refused_reason IS NULL AND event.queue = ${scanSiteQueue.name}
              AND event.payload ->> 'scanId' = scan.id::text)
       ORDER BY queued_at LIMIT ${limit} FOR UPDATE SKIP LOCKED
    )
    UPDATE scan_results
       SET status = 'queued', worker_id = NULL, lease_until = NULL, started_at = NULL, offered_at = now(),
           offer = offer + 1
     WHERE id IN (SELECT id FROM silent UNION ALL SELECT id FROM waiting)
    RETURNING id, offer, id IN (SELECT id FROM silent) AS was_running`;
}
