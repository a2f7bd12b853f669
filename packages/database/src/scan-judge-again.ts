import { randomUUID } from 'node:crypto';
import { analyseScanQueue } from '@cookie-scanner/contracts';
import { AppError } from '@cookie-scanner/errors';
import type { AuditActor } from './audit-actor.ts';
import { writeAudit } from './audit.repository.ts';
import { boundTo } from './in-workspace.ts';
import { filesExpired } from './expired-details.ts';
import type { DatabaseAccess } from './open-database.ts';
import { pendingJob, writeOutbox } from './outbox-write.ts';

/**
 * Asks for a finished scan to be judged again, with what is known and decided today, and for its reports to be made anew.
 * Asking again before that is done does it once more.
 *
 * @returns false when the scan is unknown
 * @throws AppError SCAN_NOT_FINISHED; ARTIFACT_NOT_FOUND when it ended without an observation; SCAN_DETAILS_EXPIRED
 */
export async function judgeScanAgain(access: DatabaseAccess, id: string, by: AuditActor): Promise<boolean> {
  return access.transaction(async (tx) => {
    // Locks the row, so that its files are not given up in between.
    await tx.$executeRaw`SELECT FROM scan_results WHERE id = ${id}::uuid FOR NO KEY UPDATE`;
    const scan = await tx.scanResult.findFirst({
      where: { id, ...boundTo(access) },
      select: { workspaceId: true, finishedAt: true, observationKey: true, filesRemovedAt: true },
    });
    if (!scan) return false;
    if (scan.finishedAt === null) {
      throw new AppError('SCAN_NOT_FINISHED', 'This scan has not ended yet.', { scanId: id });
    }
    if (scan.observationKey === null) {
      throw new AppError('ARTIFACT_NOT_FOUND', 'This scan ended without an observation.', { scanId: id });
    }
    if (scan.filesRemovedAt !== null) throw filesExpired(id);
    await tx.report.updateMany({
      where: { scanId: id },
      data: {
        state: 'queued',
        failureReason: null,
        artifactKey: null,
        artifactSha256: null,
        artifactSizeBytes: null,
      },
    });
    // Until all is done the scan is looked after as after its end, so that nothing is lost with Redis.
    await tx.$executeRaw`UPDATE scan_results SET settled_at = NULL, offered_at = now() WHERE id = ${id}::uuid`;
    await writeOutbox(tx, [pendingJob(analyseScanQueue, { scanId: id, again: randomUUID() })]);
    const target = { targetType: 'scan', targetId: id, workspaceId: scan.workspaceId };
    await writeAudit(tx, { ...by, action: 'scan.judge_again', ...target });
    return true;
  });
}
