import type { CookieCategory, CookieParty, CookieSighting } from '@cookie-scanner/contracts';
import { Prisma } from './generated/client.ts';
import { keyBefore, keysetPage, pageSize, type KeysetPage, type PageRequest } from './keyset.ts';
import type { DatabaseAccess } from './open-database.ts';
import { fromPostgresText, toBoundedText } from './postgres-text.ts';

/** Which cookies. What is left out does not matter; what is there must all be so. */
export interface CookieFilter {
  /** The whole name; with a `*` at its end, what it begins with. */
  name?: string | undefined;
  /** Host that was scanned, in small letters. */
  domain?: string | undefined;
  category?: CookieCategory | undefined;
  party?: CookieParty | undefined;
  /** Host of what set it, in small letters. */
  setByHost?: string | undefined;
  vendor?: string | undefined;
  /** Spans of time, ISO 8601: at or after the one, before the other. */
  firstSeenFrom?: string | undefined;
  firstSeenUntil?: string | undefined;
  lastSeenFrom?: string | undefined;
  lastSeenUntil?: string | undefined;
}

interface SightingRow {
  id: string;
  domain: string;
  name: string;
  cookie_domain: string;
  path: string;
  party: CookieParty;
  category: CookieCategory;
  vendor: string | null;
  set_by_host: string | null;
  first_seen_at: Date;
  last_seen_at: Date;
  first_scan_id: string | null;
  last_scan_id: string | null;
  at: string;
}

/** Cookies of a workspace over all its scans, the last to appear first. Scans that see one again do not move it. */
export function cookieSearchQuery(
  cookies: CookieFilter & {
    workspaceId: string;
    after: readonly [at: string, id: string] | null;
    limit: number;
  },
): Prisma.Sql {
  const { workspaceId, after, limit } = cookies;
  const behind = after
    ? Prisma.sql`AND (first_seen_at, id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`
    : Prisma.empty;
  return Prisma.sql`
    SELECT id, domain, name, cookie_domain, path, party::text, category::text, vendor, set_by_host, first_seen_at,
           last_seen_at, first_scan_id, last_scan_id, first_seen_at::text AS at
      FROM cookie_sightings
     WHERE workspace_id = ${workspaceId}::uuid ${filterSql(cookies)} ${behind}
     ORDER BY first_seen_at DESC, id DESC LIMIT ${limit}`;
}

/** One page of the cookies of a workspace. */
export async function searchCookies(
  access: DatabaseAccess,
  cookies: CookieFilter & { workspaceId: string } & PageRequest,
): Promise<KeysetPage<CookieSighting>> {
  const after = keyBefore(cookies, ['time', 'uuid']);
  const size = pageSize(cookies);
  const query = cookieSearchQuery({ ...cookies, after, limit: size + 1 });
  const rows = await access.select<SightingRow>(query);
  return keysetPage(rows, size, ({ at, id }) => [at, id], fromRow);
}

function filterSql(filter: CookieFilter): Prisma.Sql {
  const { name, domain, category, party, setByHost, vendor } = filter;
  const { firstSeenFrom, firstSeenUntil, lastSeenFrom, lastSeenUntil } = filter;
  const conditions = [
    name === undefined ? null : nameSql(name),
    domain === undefined ? null : Prisma.sql`AND domain = ${domain}`,
    category === undefined ? null : Prisma.sql`AND category = ${category}::cookie_category`,
    party === undefined ? null : Prisma.sql`AND party = ${party}::cookie_party`,
    setByHost === undefined ? null : Prisma.sql`AND set_by_host = ${setByHost}`,
    vendor === undefined ? null : Prisma.sql`AND vendor = ${toBoundedText(vendor)}`,
    firstSeenFrom === undefined ? null : Prisma.sql`AND first_seen_at >= ${firstSeenFrom}::timestamptz`,
    firstSeenUntil === undefined ? null : Prisma.sql`AND first_seen_at < ${firstSeenUntil}::timestamptz`,
    lastSeenFrom === undefined ? null : Prisma.sql`AND last_seen_at >= ${lastSeenFrom}::timestamptz`,
    lastSeenUntil === undefined ? null : Prisma.sql`AND last_seen_at < ${lastSeenUntil}::timestamptz`,
  ].filter((condition) => condition !== null);
  return conditions.length === 0 ? Prisma.empty : Prisma.join(conditions, ' ');
}

/** Nothing in a name is a pattern but a `*` at its end. */
function nameSql(name: string): Prisma.Sql {
  if (name.endsWith('*')) return Prisma.sql`AND starts_with(name, ${toBoundedText(name.slice(0, -1))})`;
  const whole = toBoundedText(name);
  return Prisma.sql`AND left(name, 256) = left(${whole}, 256) AND name = ${whole}`;
}

function fromRow(row: SightingRow): CookieSighting {
  return {
    id: row.id,
    domain: row.domain,
    name: fromPostgresText(row.name),
    cookieDomain: fromPostgresText(row.cookie_domain),
    path: fromPostgresText(row.path),
    party: row.party,
    category: row.category,
    vendor: row.vendor === null ? null : fromPostgresText(row.vendor),
    setByHost: row.set_by_host,
    firstSeenAt: row.first_seen_at.toISOString(),
    lastSeenAt: row.last_seen_at.toISOString(),
    firstScanId: row.first_scan_id,
    lastScanId: row.last_scan_id,
  };
}
