import type { CookieParty, CookieSighting } from '@cookie-scanner/contracts';
import { searchCookies, type CookieFilter } from './cookie-search.ts';
import { Prisma } from './generated/client.ts';
import { keyBefore, keysetPage, pageSize, type KeysetPage, type PageRequest } from './keyset.ts';
import { databaseAccess, type Database, type DatabaseAccess } from './open-database.ts';
import { fromPostgresText, toBoundedText } from './postgres-text.ts';

/** A domain on which a cookie was seen. Times are ISO 8601. */
export interface DomainWithCookie {
  /** Host that was scanned. */
  domain: string;
  firstSeenAt: string;
  lastSeenAt: string;
  /** How many cookies of this name the domain had, which differ in their own domain or path. */
  cookieCount: number;
}

/** A cookie that a domain had not been seen with before. */
export interface NewCookie {
  id: string;
  /** Host that was scanned. */
  domain: string;
  name: string;
  cookieDomain: string;
  path: string;
  party: CookieParty;
  /** Scan that saw it first; null when that one was deleted. */
  firstScanId: string | null;
  /** ISO 8601. */
  firstSeenAt: string;
}

/** Which domain was ever seen with which cookie. Written when a scan finishes, and kept when its cookies are gone. */
export interface CookieSightingRepository {
  /** Every domain of a workspace that has a cookie of this name, in the order of the domains. */
  listDomainsWithCookie(
    cookie: { workspaceId: string; name: string } & PageRequest,
  ): Promise<KeysetPage<DomainWithCookie>>;
  /** The cookies of a workspace over all its scans that a filter lets through, the last to appear first. */
  search(cookies: CookieFilter & { workspaceId: string } & PageRequest): Promise<KeysetPage<CookieSighting>>;
  /** The cookies of a workspace that were first seen at or after a time, newest first. */
  listNewSince(cookies: { workspaceId: string; since: Date } & PageRequest): Promise<KeysetPage<NewCookie>>;
}

interface SightingRow {
  id: string;
  domain: string;
  name: string;
  cookie_domain: string;
  path: string;
  party: CookieParty;
  first_scan_id: string | null;
  first_seen_at: Date;
  at: string;
}

/** The sightings kept in a database. */
export function cookieSightingRepository(database: Database): CookieSightingRepository {
  const access = databaseAccess(database);
  return {
    listDomainsWithCookie: (cookie) => listDomainsWithCookie(access, cookie),
    search: (cookies) => searchCookies(access, cookies),
    listNewSince: (cookies) => listNewSince(access, cookies),
  };
}

/** Domains with a cookie of this name, behind one of them. The index holds the beginning of the name. */
export function domainsWithCookieQuery(cookie: {
  workspaceId: string;
  name: string;
  after: string | null;
  limit: number;
}): Prisma.Sql {
  const { workspaceId, name, after, limit } = cookie;
  const behind = after === null ? Prisma.empty : Prisma.sql`AND domain > ${after}`;
  return Prisma.sql`
    SELECT domain, min(first_seen_at) AS first_seen_at, max(last_seen_at) AS last_seen_at, count(*)::int AS count
      FROM cookie_sightings
     WHERE workspace_id = ${workspaceId}::uuid AND left(name, 256) = left(${name}, 256) AND name = ${name} ${behind}
     GROUP BY domain ORDER BY domain LIMIT ${limit}`;
}

/** Cookies first seen since a time, behind one of them. */
export function newCookiesQuery(cookies: {
  workspaceId: string;
  since: Date;
  after: readonly [at: string, id: string] | null;
  limit: number;
}): Prisma.Sql {
  const { workspaceId, since, after, limit } = cookies;
  const behind = after
    ? Prisma.sql`AND (first_seen_at, id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`
    : Prisma.empty;
  return Prisma.sql`
    SELECT id, domain, name, cookie_domain, path, party::text, first_scan_id, first_seen_at, first_seen_at::text AS at
      FROM cookie_sightings
     WHERE workspace_id = ${workspaceId}::uuid AND first_seen_at >= ${since.toISOString()}::timestamptz ${behind}
     ORDER BY first_seen_at DESC, id DESC LIMIT ${limit}`;
}

async function listDomainsWithCookie(
  access: DatabaseAccess,
  request: { workspaceId: string; name: string } & PageRequest,
): Promise<KeysetPage<DomainWithCookie>> {
  const size = pageSize(request);
  const [after] = keyBefore(request, ['domain']) ?? [null];
  const query = domainsWithCookieQuery({
    workspaceId: request.workspaceId,
    name: toBoundedText(request.name),
    after,
    limit: size + 1,
  });
  const rows = await access.query((prisma) =>
    prisma.$queryRaw<{ domain: string; first_seen_at: Date; last_seen_at: Date; count: number }[]>(query),
  );
  return keysetPage(
    rows,
    size,
    ({ domain }) => [domain],
    (row) => ({
      domain: row.domain,
      firstSeenAt: row.first_seen_at.toISOString(),
      lastSeenAt: row.last_seen_at.toISOString(),
      cookieCount: row.count,
    }),
  );
}

async function listNewSince(
  access: DatabaseAccess,
  request: { workspaceId: string; since: Date } & PageRequest,
): Promise<KeysetPage<NewCookie>> {
  const size = pageSize(request);
  const after = keyBefore(request, ['time', 'uuid']);
  const query = newCookiesQuery({ ...request, after, limit: size + 1 });
  const rows = await access.query((prisma) => prisma.$queryRaw<SightingRow[]>(query));
  return keysetPage(
    rows,
    size,
    ({ at, id }) => [at, id],
    (row) => ({
      id: row.id,
      domain: row.domain,
      name: fromPostgresText(row.name),
      cookieDomain: fromPostgresText(row.cookie_domain),
      path: fromPostgresText(row.path),
      party: row.party,
      firstScanId: row.first_scan_id,
      firstSeenAt: row.first_seen_at.toISOString(),
    }),
  );
}
