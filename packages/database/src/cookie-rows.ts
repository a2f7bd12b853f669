import {
  cookieEventSchema,
  type Cookie,
  type CookieCategory,
  type CookieObservation,
  type CookiePage,
} from '@cookie-scanner/contracts';
import { classificationFromRow } from './cookie-classification.ts';
import { firstAndLast, nullOr, setterFromRow, setterToRow, type SetterColumns } from './bounded-rows.ts';
import { refuseExpired } from './expired-details.ts';
import { Prisma } from './generated/client.ts';
import { boundTo } from './in-workspace.ts';
import { keyBefore, keysetPage, pageSize, type PageRequest } from './keyset.ts';
import type { DatabaseAccess } from './open-database.ts';
import { fromPostgresText, toBoundedText } from './postgres-text.ts';

/** A page of the cookies of a scan, all of them or those of one category. */
export interface CookiePageRequest extends PageRequest {
  category?: CookieCategory;
}

/** A row of `cookies` as JSON, in PostgreSQL's own names. */
interface CookieRow extends SetterColumns {
  id: string;
  position: number;
  name: string;
  value_hash: string | null;
  size_bytes: number;
  domain: string;
  host_only: boolean;
  path: string;
  http_only: boolean;
  secure: boolean;
  same_site: Cookie['sameSite'];
  expires_at: string | null;
  partition_key: string | null;
  party: Cookie['party'];
  is_redirect_party: boolean;
  consent_states: Cookie['consentStates'];
  pages: string[];
  events: unknown;
  classification: unknown;
}

/**
 * Stores the cookies of a scan in their order, as a part of the statement that stores a result (finished-scan-rows.ts).
 * Values are left behind. Endless texts and lists are cut; the observation keeps them whole.
 */
export function insertCookies(cookies: readonly CookieObservation[]): Prisma.Sql {
  const rows = JSON.stringify(cookies.map(toRow));
  return Prisma.sql`
    INSERT INTO cookies (
      scan_id, scanned_at, position, name, value_hash, size_bytes, domain, host_only, path, http_only, secure, same_site,
      expires_at, declared_lifetime_seconds, partition_key, party, is_redirect_party,
      consent_states, pages,
      set_by_kind, set_by_url, set_by_initiators, set_by_confidence, events)
    SELECT scan.id, scan.finished_at, r.*
      FROM scan, jsonb_to_recordset(${rows}::jsonb) AS r(
        position int, name text, value_hash text, size_bytes int, domain text, host_only bool, path text,
        http_only bool, secure bool, same_site cookie_same_site, expires_at timestamptz,
        declared_lifetime_seconds float8, partition_key text, party cookie_party, is_redirect_party bool,
        consent_states consent_state[], pages text[], set_by_kind setter_kind, set_by_url text, set_by_initiators text[],
        set_by_confidence setter_confidence, events jsonb)
    RETURNING position, name, domain, path, party, set_by_url`;
}

function toRow(cookie: CookieObservation, position: number): Record<string, unknown> {
  return {
    position,
    name: toBoundedText(cookie.name),
    value_hash: cookie.valueHash,
    size_bytes: cookie.sizeBytes,
    domain: toBoundedText(cookie.domain),
    host_only: cookie.hostOnly,
    path: toBoundedText(cookie.path),
    http_only: cookie.httpOnly,
    secure: cookie.secure,
    same_site: cookie.sameSite,
    expires_at: cookie.expiresAt,
    declared_lifetime_seconds: cookie.declaredLifetimeSeconds,
    partition_key: nullOr(toBoundedText, cookie.partitionKey),
    party: cookie.party,
    is_redirect_party: cookie.isRedirectParty,
    consent_states: [...new Set(cookie.consentStates)],
    pages: firstAndLast(cookie.pages).map(toBoundedText),
    ...setterToRow(cookie.setBy),
    events: firstAndLast(cookie.events).map(({ atMs, action, kind, url }) => ({
      atMs,
      action,
      kind,
      url: nullOr(toBoundedText, url),
    })),
  };
}

/** Cookies of a scan behind a position, in order. The time of the scan leads to the one month that holds them. */
export function cookiesOfScanQuery(
  scanId: string,
  { category, after, limit }: { category?: CookieCategory | undefined; after: number; limit: number },
): Prisma.Sql {
  const ofCategory =
    category === undefined ? Prisma.empty : Prisma.sql`AND category = ${category}::cookie_category`;
  return Prisma.sql`
    SELECT to_jsonb(cookie) AS row FROM cookies AS cookie
     WHERE scan_id = ${scanId}::uuid AND scanned_at = (SELECT finished_at FROM scan_results WHERE id = ${scanId}::uuid)
       ${ofCategory} AND position > ${after}
     ORDER BY position LIMIT ${limit}`;
}

/**
 * One page of the cookies of a scan, in the order of the observation; null when there is no such scan.
 *
 * @throws AppError INPUT_INVALID when the cursor is not one that an earlier page gave out
 * @throws AppError SCAN_DETAILS_EXPIRED when the scan had cookies and retention removed them
 */
export async function listCookies(
  access: DatabaseAccess,
  scanId: string,
  request: CookiePageRequest,
): Promise<CookiePage | null> {
  const [after] = keyBefore(request, ['integer']) ?? ['-1'];
  const size = pageSize(request);
  const query = cookiesOfScanQuery(scanId, {
    category: request.category,
    after: Number(after),
    limit: size + 1,
  });
  const [scan, rows] = await access.query((prisma) =>
    Promise.all([
      prisma.scanResult.findFirst({
        where: { id: scanId, ...boundTo(access) },
        select: { finishedAt: true },
      }),
      prisma.$queryRaw<{ row: CookieRow }[]>(query),
    ]),
  );
  if (!scan) return null;
  if (rows.length === 0 && scan.finishedAt !== null) await refuseExpired(access, scanId, 'cookies');
  return keysetPage(
    rows,
    size,
    ({ row }) => [String(row.position)],
    ({ row }) => fromRow(row),
  );
}

function fromRow(row: CookieRow): Cookie {
  return {
    id: row.id,
    name: fromPostgresText(row.name),
    valueHash: row.value_hash,
    domain: fromPostgresText(row.domain),
    hostOnly: row.host_only,
    path: fromPostgresText(row.path),
    httpOnly: row.http_only,
    secure: row.secure,
    sameSite: row.same_site,
    expiresAt: row.expires_at === null ? null : new Date(row.expires_at).toISOString(),
    session: row.expires_at === null,
    partitionKey: nullOr(fromPostgresText, row.partition_key),
    sizeBytes: row.size_bytes,
    party: row.party,
    isRedirectParty: row.is_redirect_party,
    consentStates: row.consent_states,
    pages: row.pages.map(fromPostgresText),
    setBy: setterFromRow(row),
    events: cookieEventSchema
      .array()
      .parse(row.events)
      .map((event) => ({ ...event, url: nullOr(fromPostgresText, event.url) })),
    classification: classificationFromRow(row.classification),
  };
}
