import { AppError } from '@cookie-scanner/errors';
import type { AuditActor } from './audit-actor.ts';
import { writeAudit } from './audit.repository.ts';
import { boundTo } from './in-workspace.ts';
import type { DatabaseAccess } from './open-database.ts';

/** What became of the wish to cancel a scan. */
export type CancelOutcome = 'cancelled' | 'cancelled_before' | 'ended_before';

/**
 * Ends a scan that waits or runs. A worker that has it notices when it next renews its lease, and whatever it brings after
 * that is refused. Nobody is told by message: who cancels, knows.
 *
 * @returns null when the scan is unknown
 */
export async function cancelScan(
  access: DatabaseAccess,
  id: string,
  by: AuditActor,
): Promise<CancelOutcome | null> {
  return access.transaction(async (tx) => {
    // Locks the row, so that a worker which ends it at this moment and this wait for each other.
    await tx.$executeRaw`SELECT FROM scan_results WHERE id = ${id}::uuid FOR NO KEY UPDATE`;
    const scan = await tx.scanResult.findFirst({
      where: { id, ...boundTo(access) },
      select: { status: true, workspaceId: true },
    });
    if (!scan) return null;
    if (scan.status === 'cancelled') return 'cancelled_before';
    if (scan.status !== 'queued' && scan.status !== 'running') return 'ended_before';
    await tx.$executeRaw`
      UPDATE scan_results
         SET status = 'cancelled', cancel_requested_at = now(), finished_at = now(), offered_at = now(),
             settled_at = now(), lease_until = NULL
       WHERE id = ${id}::uuid`;
    const target = { targetType: 'scan', targetId: id, workspaceId: scan.workspaceId };
    await writeAudit(tx, { ...by, action: 'scan.cancel', ...target, before: { status: scan.status } });
    return 'cancelled';
  });
}

/**
 * Removes a scan that has ended, with all that was found.
 *
 * @returns keys of the files that are of no use any more; null when the scan is unknown
 * @throws AppError SCAN_NOT_FINISHED while it waits or runs
 */
export async function deleteScan(
  access: DatabaseAccess,
  id: string,
  by: AuditActor,
): Promise<string[] | null> {
  return access.transaction(async (tx) => {
    const scan = await tx.scanResult.findFirst({
      where: { id, ...boundTo(access) },
      include: { reports: { select: { artifactKey: true } } },
    });
    if (!scan) return null;
    const { count } = await tx.scanResult.deleteMany({ where: { id, finishedAt: { not: null } } });
    if (count === 0) throw new AppError('SCAN_NOT_FINISHED', 'This scan has not ended; cancel it first.');
    const target = { targetType: 'scan', targetId: id, workspaceId: scan.workspaceId };
    await writeAudit(tx, { ...by, action: 'scan.delete', ...target, before: { url: scan.requestedUrl } });
    return [
      `scans/${id}/`,
      ...scan.reports.flatMap(({ artifactKey }) => (artifactKey === null ? [] : [artifactKey])),
    ];
  });
}
