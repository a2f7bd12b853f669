import type { DatabaseAccess } from './open-database.ts';

/**
 * Records the outcome of runs whose scans have all ended: `failed` when all of them failed or were cancelled, `partial` when some
 * did, else `success`. Scans that were deleted meanwhile count as ended well.
 *
 * @returns how many runs ended
 */
export function finishRuns(access: DatabaseAccess): Promise<number> {
  return access.query(
    (prisma) => prisma.$executeRaw`
      WITH ended AS (
        SELECT run.id, (
          SELECT count(*)::int FROM scan_results AS scan
           WHERE scan.schedule_execution_id = run.id AND scan.status IN ('failed', 'cancelled')) AS failed
          FROM schedule_executions AS run
         WHERE run.status = 'running'
           AND NOT EXISTS (
             SELECT FROM scan_results AS scan
              WHERE scan.schedule_execution_id = run.id AND scan.finished_at IS NULL)
           FOR NO KEY UPDATE SKIP LOCKED
      )
      UPDATE schedule_executions AS run
         SET finished_at = now(), scans_failed = ended.failed,
             status = CASE
               WHEN ended.failed = 0 THEN 'success'
               WHEN ended.failed >= run.scans_planned THEN 'failed'
               ELSE 'partial' END::schedule_execution_status,
             status_reason = CASE WHEN ended.failed > 0 THEN 'scans_failed' END
        FROM ended WHERE run.id = ended.id`,
  );
}
