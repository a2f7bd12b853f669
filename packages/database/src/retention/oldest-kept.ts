import type { DatabaseAccess } from '../open-database.ts';

/** Age of the oldest that is kept, in seconds; null where there is none. */
export interface OldestKept {
  readonly scan_results: number | null;
  /** Scans with their observation. */
  readonly scan_files: number | null;
  readonly audit_logs: number | null;
}

/** Looks up the oldest rows, one by an index for each workspace. */
export async function oldestKept(access: DatabaseAccess): Promise<OldestKept> {
  const [ages] = await access.query(
    (prisma) => prisma.$queryRaw<OldestKept[]>`
      SELECT extract(epoch FROM now() - min(scan.at))::float8 AS scan_results,
             extract(epoch FROM now() - min(observed.at))::float8 AS scan_files,
             extract(epoch FROM now() - min(log.at))::float8 AS audit_logs
        FROM (SELECT id, id::text AS chain FROM workspaces UNION ALL SELECT NULL, 'platform') AS owner
        LEFT JOIN LATERAL (SELECT queued_at AS at FROM scan_results WHERE workspace_id = owner.id
                            ORDER BY queued_at LIMIT 1) AS scan ON true
        LEFT JOIN LATERAL (SELECT queued_at AS at FROM scan_results
                            WHERE workspace_id = owner.id AND observation_key IS NOT NULL AND files_removed_at IS NULL
                            ORDER BY queued_at LIMIT 1) AS observed ON true
        LEFT JOIN LATERAL (SELECT occurred_at AS at FROM audit_logs WHERE chain = owner.chain
                            ORDER BY sequence LIMIT 1) AS log ON true`,
  );
  return ages ?? { scan_results: null, scan_files: null, audit_logs: null };
}
