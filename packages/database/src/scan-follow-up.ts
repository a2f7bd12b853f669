import { analyseScanQueue, buildReportQueue } from '@cookie-scanner/contracts';
import type { Prisma } from './generated/client.ts';
import type { DatabaseAccess } from './open-database.ts';
import { pendingJob, writeOutbox, type PendingJob } from './outbox-write.ts';
import { scanFinishedJob } from './scan-finished-event.ts';
import { OFFER_DOUBLINGS_MAX } from './scan-reoffer.ts';

/** When a step after the end of a scan counts as lost, and how many scans are looked at in one go. */
export interface FollowUpOptions {
  /** A scan whose last step was offered this long ago is looked at; each time the wait doubles. */
  olderThanMs: number;
  limit: number;
}

/** A scan that ended, with all that follows from it. */
type EndedScan = Prisma.ScanResultGetPayload<{
  select: {
    id: true;
    observationKey: true;
    reports: { select: { id: true; state: true } };
    notifications: { select: { state: true } };
  };
}>;

/**
 * Offers the open steps of ended scans again, and settles the scans that have none, so that they are not looked at any
 * more. The jobs keep their ids: while Redis still knows a job, offering it again changes nothing. Safe to run in
 * several processes at once.
 *
 * @returns for how many scans something was offered
 */
export function reofferFollowUps(access: DatabaseAccess, options: FollowUpOptions): Promise<number> {
  return access.transaction(async (tx) => {
    const ids = await takeDue(tx, options);
    const scans = await tx.scanResult.findMany({
      where: { id: { in: ids } },
      select: {
        id: true,
        observationKey: true,
        reports: { select: { id: true, state: true } },
        notifications: { select: { state: true } },
      },
    });
    const open = scans.map((scan) => ({ id: scan.id, jobs: openSteps(scan) }));
    const settled = open.filter(({ jobs }) => jobs.length === 0).map(({ id }) => id);
    await tx.$executeRaw`UPDATE scan_results SET settled_at = now() WHERE id = ANY(${settled}::uuid[])`;
    await writeOutbox(
      tx,
      open.flatMap(({ jobs }) => jobs),
    );
    return open.length - settled.length;
  });
}

/** Locks the scans that are due and notes that they were looked at. */
async function takeDue(
  tx: Prisma.TransactionClient,
  { olderThanMs, limit }: FollowUpOptions,
): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    WITH due AS MATERIALIZED (
      SELECT id FROM scan_results
       WHERE finished_at IS NOT NULL AND settled_at IS NULL
         AND offered_at < now() - ${olderThanMs} * 2 ^ least(offer, ${OFFER_DOUBLINGS_MAX}) * interval '1 millisecond'
       ORDER BY finished_at LIMIT ${limit} FOR UPDATE SKIP LOCKED
    )
    UPDATE scan_results SET offered_at = now(), offer = offer + 1 WHERE id IN (SELECT id FROM due) RETURNING id`;
  return rows.map(({ id }) => id);
}

/** What has yet to happen after a scan: first the analysis, then its reports, then the message that it is over. */
function openSteps({ id, observationKey, reports, notifications }: EndedScan): PendingJob[] {
  if (observationKey !== null && reports.length === 0) return [pendingJob(analyseScanQueue, { scanId: id })];
  const queued = reports.filter(({ state }) => state === 'queued');
  if (queued.length > 0) return queued.map((report) => pendingJob(buildReportQueue, { reportId: report.id }));
  const isTold = notifications.length > 0 && notifications.every(({ state }) => state !== 'pending');
  return isTold ? [] : [scanFinishedJob(id)];
}
