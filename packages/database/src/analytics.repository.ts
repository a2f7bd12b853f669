import {
  scanStatusSchema,
  type FollowedMetric,
  type ScanCounts,
  type ScanStatus,
  type TopKind,
  type TopList,
  type TrendData,
  type TrendStep,
} from '@cookie-scanner/contracts';
import { Prisma } from './generated/client.ts';
import { databaseAccess, type Database, type DatabaseAccess } from './open-database.ts';
import { fromPostgresText } from './postgres-text.ts';

/** A span of time, ISO 8601: at or after the one, before the other. */
interface Span {
  from: string;
  until: string;
}

/** Numbers over many scans of a workspace. Each is one query, which PostgreSQL ends after five seconds. */
export interface AnalyticsRepository {
  /** How many scans were submitted in each step, by status. */
  countScans(workspaceId: string, span: Span & { step: TrendStep }): Promise<ScanCounts>;
  /** The mean of a number over the scans submitted in each step, of one site or (without) of all. */
  follow(
    workspaceId: string,
    wanted: Span & { step: TrendStep; metric: FollowedMetric; domain?: string | undefined },
  ): Promise<TrendData>;
  /** What most sites have, of what was last seen since a time. */
  top(workspaceId: string, wanted: { kind: TopKind; since: string; limit: number }): Promise<TopList>;
}

/** The numbers that a database can tell. */
export function analyticsRepository(database: Database): AnalyticsRepository {
  const access = databaseAccess(database);
  return {
    countScans: (workspaceId, span) => countScans(access, workspaceId, span),
    follow: (workspaceId, wanted) => follow(access, workspaceId, wanted),
    top: (workspaceId, wanted) => top(access, workspaceId, wanted),
  };
}

const STATEMENT_TIMEOUT_MS = '5000';

/** @throws AppError DATABASE_UNAVAILABLE when the query takes too long */
function bounded<TRow>(access: DatabaseAccess, query: Prisma.Sql): Promise<TRow[]> {
  return access.transaction(async (tx) => {
    await tx.$executeRaw`SELECT set_config('statement_timeout', ${STATEMENT_TIMEOUT_MS}, true)`;
    return tx.$queryRaw<TRow[]>(query);
  });
}

/** Every step of the span, the one that it begins in included, whether there was a scan or not. */
function stepsSql({ from, until, step }: Span & { step: TrendStep }): Prisma.Sql {
  return Prisma.sql`generate_series(
    date_trunc(${step}, ${from}::timestamptz, 'UTC'), ${until}::timestamptz - interval '1 microsecond',
    ${`1 ${step}`}::interval) AS step (begins_at)`;
}

async function countScans(
  access: DatabaseAccess,
  workspaceId: string,
  span: Span & { step: TrendStep },
): Promise<ScanCounts> {
  const rows = await bounded<{ begins_at: Date; counts: Partial<Record<ScanStatus, number>> | null }>(
    access,
    Prisma.sql`
      SELECT step.begins_at, counted.counts FROM ${stepsSql(span)}
        LEFT JOIN (
          SELECT begins_at, jsonb_object_agg(status, count) AS counts FROM (
            SELECT date_trunc(${span.step}, queued_at, 'UTC') AS begins_at, status, count(*) AS count
              FROM scan_results
             WHERE workspace_id = ${workspaceId}::uuid
               AND queued_at >= ${span.from}::timestamptz AND queued_at < ${span.until}::timestamptz
             GROUP BY 1, 2) AS by_status
           GROUP BY 1) AS counted USING (begins_at)
       ORDER BY 1`,
  );
  const points = rows.map(({ begins_at: from, counts }) => ({
    from: from.toISOString(),
    counts: Object.fromEntries(
      scanStatusSchema.options.map((status) => [status, counts?.[status] ?? 0]),
    ) as Record<ScanStatus, number>,
  }));
  return { step: span.step, points };
}

/** Where a scan keeps a number; null where it has none. */
const METRICS: Readonly<Record<FollowedMetric, Prisma.Sql>> = {
  score: Prisma.sql`(metrics ->> 'score')::float8`,
  cookies: Prisma.sql`(totals ->> 'cookies')::float8`,
  third_party_cookies: Prisma.sql`(totals ->> 'thirdPartyCookies')::float8`,
  storage_items: Prisma.sql`(totals ->> 'storageItems')::float8`,
  findings: Prisma.sql`(SELECT sum(value::float8) FROM jsonb_each_text(metrics -> 'findingsBySeverity'))`,
};

async function follow(
  access: DatabaseAccess,
  workspaceId: string,
  {
    metric,
    domain,
    ...span
  }: Span & { step: TrendStep; metric: FollowedMetric; domain?: string | undefined },
): Promise<TrendData> {
  const ofSite = domain === undefined ? Prisma.empty : Prisma.sql`AND domain = ${domain}`;
  const rows = await bounded<{ begins_at: Date; value: number | null; count: number | null }>(
    access,
    Prisma.sql`
      SELECT step.begins_at, measured.value, measured.count FROM ${stepsSql(span)}
        LEFT JOIN (
          SELECT begins_at, avg(value) AS value, count(value)::int AS count FROM (
            SELECT date_trunc(${span.step}, queued_at, 'UTC') AS begins_at, ${METRICS[metric]} AS value
              FROM scan_results
             WHERE workspace_id = ${workspaceId}::uuid ${ofSite}
               AND queued_at >= ${span.from}::timestamptz AND queued_at < ${span.until}::timestamptz) AS each
           GROUP BY 1) AS measured USING (begins_at)
       ORDER BY 1`,
  );
  const points = rows.map(({ begins_at: from, value, count }) => ({
    from: from.toISOString(),
    value,
    scanCount: count ?? 0,
  }));
  return { metric, step: span.step, points };
}

/** What is counted, and of which cookies. */
const TOPS: Readonly<Record<TopKind, { name: Prisma.Sql; of: Prisma.Sql }>> = {
  cookies: { name: Prisma.sql`name`, of: Prisma.empty },
  vendors: { name: Prisma.sql`vendor`, of: Prisma.sql`AND vendor IS NOT NULL` },
  third_parties: { name: Prisma.sql`ltrim(cookie_domain, '.')`, of: Prisma.sql`AND party = 'third'` },
};

async function top(
  access: DatabaseAccess,
  workspaceId: string,
  { kind, since, limit }: { kind: TopKind; since: string; limit: number },
): Promise<TopList> {
  const { name, of } = TOPS[kind];
  const rows = await bounded<{ name: string; sites: number; cookies: number }>(
    access,
    Prisma.sql`
      SELECT ${name} AS name, count(DISTINCT domain)::int AS sites, count(*)::int AS cookies
        FROM cookie_sightings
       WHERE workspace_id = ${workspaceId}::uuid AND last_seen_at >= ${since}::timestamptz ${of}
       GROUP BY 1 ORDER BY 2 DESC, 3 DESC, 1 LIMIT ${limit}`,
  );
  const items = rows.map((row) => ({
    name: fromPostgresText(row.name),
    siteCount: row.sites,
    cookieCount: row.cookies,
  }));
  return { kind, items };
}
