import type { ScanMode, ScanResult, ScanStatus, ScanTrigger } from '@cookie-scanner/contracts';
import { Prisma } from './generated/client.ts';
import { keyBefore, keysetPage, pageSize, type KeysetPage, type PageRequest } from './keyset.ts';
import type { DatabaseAccess } from './open-database.ts';
import { scanFromRow, SHOWN_COLUMNS, type ScanRow } from './scan-rows.ts';

/** Where a row stands in a list: time as PostgreSQL prints it, and id. */
interface ScanKey {
  id: string;
  at: string;
}

type AfterKey = readonly [at: string, id: string] | null;

/** The finished scans of a domain, newest first. */
export function scansOfDomainQuery(scans: {
  workspaceId: string;
  domain: string;
  after: AfterKey;
  limit: number;
}): Prisma.Sql {
  const { workspaceId, domain, after, limit } = scans;
  const behind = after
    ? Prisma.sql`AND (finished_at, id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`
    : Prisma.empty;
  return Prisma.sql`
    SELECT id, finished_at::text AS at FROM scan_results
     WHERE workspace_id = ${workspaceId}::uuid AND domain = ${domain} AND finished_at IS NOT NULL ${behind}
     ORDER BY finished_at DESC, id DESC LIMIT ${limit}`;
}

/** Which scans of a workspace. What is left out does not matter; what is there must all be so. */
export interface ScanFilter {
  status?: ScanStatus | undefined;
  /** Host of the requested URL, in small letters. */
  domain?: string | undefined;
  mode?: ScanMode | undefined;
  trigger?: ScanTrigger | undefined;
  /** One of the labels that the workspace gave to the site. */
  label?: string | undefined;
  batchId?: string | undefined;
  profileId?: string | undefined;
  /** Submitted at or after this time, and before the other. ISO 8601. */
  from?: string | undefined;
  until?: string | undefined;
}

/** The scans of a workspace that a filter lets through, the last submitted first. */
export function scanSearchQuery(
  scans: ScanFilter & { workspaceId: string; after: AfterKey; limit: number },
): Prisma.Sql {
  const { workspaceId, after, limit } = scans;
  const behind = after
    ? Prisma.sql`AND (queued_at, id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`
    : Prisma.empty;
  return Prisma.sql`
    SELECT id, queued_at::text AS at FROM scan_results
     WHERE workspace_id = ${workspaceId}::uuid ${filterSql(scans)} ${behind}
     ORDER BY queued_at DESC, id DESC LIMIT ${limit}`;
}

/** One page of the finished scans of a domain. */
export async function listScansOfDomain(
  access: DatabaseAccess,
  scans: { workspaceId: string; domain: string } & PageRequest,
): Promise<KeysetPage<ScanResult>> {
  const after = keyBefore(scans, ['time', 'uuid']);
  const size = pageSize(scans);
  return pageOfScans(access, scansOfDomainQuery({ ...scans, after, limit: size + 1 }), size);
}

function filterSql(filter: ScanFilter & { workspaceId: string }): Prisma.Sql {
  const { status, domain, mode, trigger, label, batchId, profileId, from, until, workspaceId } = filter;
  const conditions = [
    status === undefined ? null : Prisma.sql`AND status = ${status}::scan_status`,
    domain === undefined ? null : Prisma.sql`AND domain = ${domain}`,
    mode === undefined ? null : Prisma.sql`AND params ->> 'mode' = ${mode}`,
    trigger === undefined ? null : Prisma.sql`AND trigger = ${trigger}::scan_trigger`,
    batchId === undefined ? null : Prisma.sql`AND batch_id = ${batchId}::uuid`,
    profileId === undefined ? null : Prisma.sql`AND profile_id = ${profileId}::uuid`,
    from === undefined ? null : Prisma.sql`AND queued_at >= ${from}::timestamptz`,
    until === undefined ? null : Prisma.sql`AND queued_at < ${until}::timestamptz`,
    label === undefined
      ? null
      : Prisma.sql`AND domain IN (SELECT domain FROM domain_configs
                    WHERE workspace_id = ${workspaceId}::uuid AND labels @> ARRAY[${label}])`,
  ].filter((condition) => condition !== null);
  return conditions.length === 0 ? Prisma.empty : Prisma.join(conditions, ' ');
}

/** One page of the scans of a workspace. */
export async function searchScans(
  access: DatabaseAccess,
  scans: ScanFilter & { workspaceId: string } & PageRequest,
): Promise<KeysetPage<ScanResult>> {
  const after = keyBefore(scans, ['time', 'uuid']);
  const size = pageSize(scans);
  return pageOfScans(access, scanSearchQuery({ ...scans, after, limit: size + 1 }), size);
}

async function pageOfScans(
  access: DatabaseAccess,
  query: Prisma.Sql,
  size: number,
): Promise<KeysetPage<ScanResult>> {
  const rows = await access.select<ScanRow & { at: string }>(Prisma.sql`
    WITH page AS (${query})
    SELECT page.at, ${SHOWN_COLUMNS} FROM page JOIN scan_results AS scan ON scan.id = page.id
     ORDER BY page.at::timestamptz DESC, page.id DESC`);
  return keysetPage(rows, size, ({ at, id }) => [at, id], scanFromRow);
}

/** One page of the ids of finished scans with an observation, oldest first. */
export async function listObservedScans(
  access: DatabaseAccess,
  request: PageRequest,
): Promise<KeysetPage<string>> {
  const size = pageSize(request);
  const after = keyBefore(request, ['time', 'uuid']);
  const behind = after
    ? Prisma.sql`AND (finished_at, id) > (${after[0]}::timestamptz, ${after[1]}::uuid)`
    : Prisma.empty;
  const keys = await access.query(
    (prisma) => prisma.$queryRaw<ScanKey[]>`
      SELECT id, finished_at::text AS at FROM scan_results
       WHERE finished_at IS NOT NULL AND observation_key IS NOT NULL AND files_removed_at IS NULL ${behind}
       ORDER BY finished_at, id LIMIT ${size + 1}`,
  );
  return keysetPage(
    keys,
    size,
    ({ at, id }) => [at, id],
    ({ id }) => id,
  );
}
