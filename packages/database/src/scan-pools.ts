import { scanSiteQueue } from '@cookie-scanner/contracts';
import { Prisma } from './generated/client.ts';
import type { DatabaseAccess } from './open-database.ts';
import { pendingJob, writeOutbox } from './outbox-write.ts';
import type { Steps } from './run-statements.ts';

/** A worker that gave no sign of life for so long is not counted on any more; it gives one every five seconds. */
export const WORKER_SILENCE_MAX_SECONDS = 20;

/** Whether a worker alive has all labels that `scan` asks for. */
const HAS_WORKER = Prisma.sql`EXISTS (
  SELECT FROM workers AS worker
   WHERE worker.seen_at > now() - ${WORKER_SILENCE_MAX_SECONDS} * interval '1 second'
     AND worker.labels @> scan.worker_labels)`;

/**
 * Keeps those of these scans in the database that ask for a worker that is not there: in Redis nobody would take them, and
 * labels that no worker ever has would make queues without end. They lose their turn, and get one when they go on.
 *
 * @returns the ids of those that are kept
 */
export async function holdPoolless(
  steps: Pick<Steps, 'send'>,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const query = Prisma.sql`
    UPDATE scan_results AS scan SET pool_missing_since = coalesce(pool_missing_since, clock_timestamp()), turn = NULL
     WHERE id = ANY(${[...ids]}::uuid[]) AND status = 'queued' AND worker_labels <> '{}' AND NOT ${HAS_WORKER}
    RETURNING id`;
  const [held = []] = (await steps.send([{ query }])) as { id: string }[][];
  return new Set(held.map(({ id }) => id));
}

/** What changed when waiting scans were held against the workers that are there. */
export interface PoolCheck {
  /** Scans that wait from now on for a worker that is not there. */
  missing: number;
  /** Scans whose worker is there now. */
  found: number;
}

/**
 * Notes on waiting scans whether a worker has the labels that they ask for. Those that were kept in the database because
 * there was none are offered when one comes; the jobs of the others wait in their queue. Safe to run in several processes at
 * once.
 *
 * @param limit - scans handled at most in one call, in each direction
 */
export function checkPools(access: DatabaseAccess, limit: number): Promise<PoolCheck> {
  return access.transaction(async (tx) => {
    const missing = await tx.$executeRaw`
      WITH lost AS MATERIALIZED (
        SELECT id FROM scan_results AS scan
         WHERE status = 'queued' AND worker_labels <> '{}' AND pool_missing_since IS NULL AND NOT ${HAS_WORKER}
         LIMIT ${limit} FOR UPDATE SKIP LOCKED
      )
      UPDATE scan_results SET pool_missing_since = now() WHERE id IN (SELECT id FROM lost)`;
    const found = await tx.$queryRaw<{ id: string; offer: number; is_held: boolean; queued_at: Date }[]>`
      WITH served AS MATERIALIZED (
        SELECT id FROM scan_results AS scan
         WHERE status = 'queued' AND worker_labels <> '{}' AND pool_missing_since IS NOT NULL AND ${HAS_WORKER}
         ORDER BY queued_at LIMIT ${limit} FOR UPDATE SKIP LOCKED
      )
      UPDATE scan_results
         SET pool_missing_since = NULL, offered_at = now(), offer = offer + (turn IS NULL)::int
       WHERE id IN (SELECT id FROM served)
      RETURNING id, offer, turn IS NULL AS is_held, queued_at`;
    // In the order of submission, which is that of the turns.
    const held = found
      .filter(({ is_held }) => is_held)
      .sort((one, other) => one.queued_at.getTime() - other.queued_at.getTime());
    await writeOutbox(
      tx,
      held.map(({ id, offer }) => pendingJob(scanSiteQueue, { scanId: id, offer })),
    );
    return { missing, found: found.length };
  });
}

/** How many scans wait for a worker that is not there, and for how long the first one does. */
export async function poollessScans(access: DatabaseAccess): Promise<{ count: number; ageMs: number }> {
  const [row] = await access.query(
    (prisma) => prisma.$queryRaw<{ count: number; age_ms: number | null }[]>`
      SELECT count(*)::int AS count, extract(epoch FROM now() - min(pool_missing_since))::float8 * 1000 AS age_ms
        FROM scan_results WHERE status = 'queued' AND worker_labels <> '{}' AND pool_missing_since IS NOT NULL`,
  );
  return { count: row?.count ?? 0, ageMs: row?.age_ms ?? 0 };
}
