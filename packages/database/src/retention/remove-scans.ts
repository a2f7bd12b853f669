import { Prisma } from '../generated/client.ts';
import type { RetentionPeriods } from './retention-periods.ts';

/** The tables kept by month that a scan has rows in. */
const BY_MONTH = ['cookies', 'pages', 'storage_items', 'findings'] as const;

/** True of a scan that nothing more comes of: it ended, and its reports and messages are done. */
const IS_SETTLED = Prisma.sql`scan.finished_at IS NOT NULL AND scan.settled_at IS NOT NULL`;

/** True of a scan that somebody laid down as what its site may look like. */
const IS_PINNED = Prisma.sql`
  EXISTS (SELECT FROM baselines WHERE baselines.scan_id = scan.id AND baselines.state = 'active')`;

/**
 * Removes the oldest scans whose time is over, with all that belongs to them. Their files are noted by a trigger, for
 * `removed_files`. Scans that wait, run, or are the active baseline of a site stay.
 *
 * @returns how many scans went
 */
export async function removeScans(
  tx: Prisma.TransactionClient,
  { scanDays }: Pick<RetentionPeriods, 'scanDays'>,
  limit: number,
): Promise<number> {
  const scans = await tx.$queryRaw<{ id: string; at: string }[]>`
    SELECT due.id, due.finished_at::text AS at
      FROM ${workspacesKeeping('scan_days', scanDays)}
     CROSS JOIN LATERAL (
             SELECT scan.id, scan.finished_at FROM scan_results AS scan
              WHERE scan.workspace_id = owner.id AND scan.queued_at < kept.since AND scan.finished_at < kept.since
                AND ${IS_SETTLED} AND NOT ${IS_PINNED}
              ORDER BY scan.queued_at LIMIT ${limit} FOR UPDATE SKIP LOCKED) AS due
     LIMIT ${limit}`;
  if (scans.length === 0) return 0;
  const ids = scans.map(({ id }) => id);
  const times = scans.map(({ at }) => at);
  for (const table of BY_MONTH) {
    // With their times, so that only the months in question are looked into. What belongs to other tables cascades.
    await tx.$executeRaw`
      DELETE FROM ${Prisma.raw(table)}
       WHERE scan_id = ANY(${ids}::uuid[])
         AND scanned_at BETWEEN (SELECT min(at) FROM unnest(${times}::timestamptz[]) AS at)
                            AND (SELECT max(at) FROM unnest(${times}::timestamptz[]) AS at)`;
  }
  // A cookie that was seen last in what goes now has not been seen for as long as scans are kept.
  await tx.$executeRaw`DELETE FROM cookie_sightings WHERE last_scan_id = ANY(${ids}::uuid[])`;
  return tx.$executeRaw`DELETE FROM scan_results WHERE id = ANY(${ids}::uuid[])`;
}

/**
 * Gives up the observation and the other files of the oldest scans whose time for that is over; the scans stay, with
 * their results and reports.
 *
 * @returns how many scans lost their files
 */
export async function removeFilesOfScans(
  tx: Prisma.TransactionClient,
  { fileDays }: Pick<RetentionPeriods, 'fileDays'>,
  limit: number,
): Promise<number> {
  return giveUpFiles(
    tx,
    Prisma.sql`
      SELECT oldest.id
        FROM ${workspacesKeeping('file_days', fileDays)}
       CROSS JOIN LATERAL (
               SELECT scan.id FROM scan_results AS scan
                WHERE scan.workspace_id = owner.id AND scan.observation_key IS NOT NULL AND scan.files_removed_at IS NULL
                  AND scan.queued_at < kept.since AND scan.finished_at < kept.since
                  AND ${IS_SETTLED} AND NOT ${IS_PINNED}
                ORDER BY scan.queued_at LIMIT ${limit} FOR UPDATE SKIP LOCKED) AS oldest
       LIMIT ${limit}`,
  );
}

/** The same for scans whose files carry values of cookies, whoever pinned them. */
export async function removeFilesWithValues(
  tx: Prisma.TransactionClient,
  { valueDays }: Pick<RetentionPeriods, 'valueDays'>,
  limit: number,
): Promise<number> {
  return giveUpFiles(
    tx,
    Prisma.sql`
      SELECT scan.id FROM scan_results AS scan
       WHERE scan.values_kept AND scan.files_removed_at IS NULL
         AND scan.finished_at < now() - make_interval(days => ${valueDays}::int) AND ${IS_SETTLED}
       ORDER BY scan.finished_at LIMIT ${limit} FOR UPDATE SKIP LOCKED`,
  );
}

function giveUpFiles(tx: Prisma.TransactionClient, due: Prisma.Sql): Promise<number> {
  return tx.$executeRaw`
    WITH due AS MATERIALIZED (${due}),
         without AS (
           UPDATE scan_results SET files_removed_at = now() WHERE id IN (SELECT id FROM due) RETURNING id)
    INSERT INTO removed_files (prefix) SELECT 'scans/' || id FROM without`;
}

/** Workspaces (`owner`) in which something goes by age, each with the time (`kept.since`) from which on it is kept. */
export function workspacesKeeping(column: 'scan_days' | 'file_days', days: number): Prisma.Sql {
  return Prisma.sql`
    workspaces AS owner
      LEFT JOIN workspace_retention AS own ON own.workspace_id = owner.id
      CROSS JOIN LATERAL (
        SELECT now() - make_interval(days => nullif(coalesce(own.${Prisma.raw(column)}, ${days}::int), 0)) AS since
      ) AS kept`;
}
