import {
  cookieEventSchema,
  type Cookie,
  type CookieObservation,
  type CookiePage,
} from '@cookie-scanner/contracts';
import { AppError } from '@cookie-scanner/errors';
import type { Cookie as CookieRow, Prisma } from './generated/client.ts';
import type { DatabaseAccess } from './open-database.ts';
import { fromPostgresText, toBoundedText } from './postgres-text.ts';

/** Longest list (pages, initiators, events) kept in a row; PostgreSQL's checks use the same number. */
const LIST_LENGTH_MAX = 200;

/** Most cookies in one page of a list. */
const PAGE_SIZE_MAX = 1_000;

/**
 * Stores the cookies of a scan in their order, in one round trip however many there are. Values are left behind.
 * Endless texts and lists are cut; the observation keeps them whole.
 */
export async function insertCookies(
  tx: Prisma.TransactionClient,
  scanId: string,
  cookies: CookieObservation[],
): Promise<void> {
  if (cookies.length === 0) return;
  const rows = JSON.stringify(cookies.map(toRow));
  await tx.$executeRaw`
    INSERT INTO cookies (
      scan_id, position, name, value_hash, size_bytes, domain, host_only, path, http_only, secure, same_site,
      expires_at, declared_lifetime_seconds, partition_key, party, consent_states, pages,
      set_by_kind, set_by_url, set_by_initiators, set_by_confidence, events)
    SELECT ${scanId}::uuid, r.*
      FROM jsonb_to_recordset(${rows}::jsonb) AS r(
        position int, name text, value_hash text, size_bytes int, domain text, host_only bool, path text,
        http_only bool, secure bool, same_site cookie_same_site, expires_at timestamptz,
        declared_lifetime_seconds float8, partition_key text, party cookie_party, consent_states consent_state[],
        pages text[], set_by_kind setter_kind, set_by_url text, set_by_initiators text[],
        set_by_confidence setter_confidence, events jsonb)`;
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
    consent_states: [...new Set(cookie.consentStates)],
    pages: firstAndLast(cookie.pages).map(toBoundedText),
    set_by_kind: cookie.setBy.kind,
    set_by_url: nullOr(toBoundedText, cookie.setBy.url),
    set_by_initiators: firstAndLast(cookie.setBy.initiators).map(toBoundedText),
    set_by_confidence: cookie.setBy.confidence,
    events: firstAndLast(cookie.events).map(({ atMs, action, kind, url }) => ({
      atMs,
      action,
      kind,
      url: nullOr(toBoundedText, url),
    })),
  };
}

/** Keeps both ends of an endless list: who began it, and how it ended. */
function firstAndLast<T>(items: T[]): T[] {
  if (items.length <= LIST_LENGTH_MAX) return items;
  return [...items.slice(0, LIST_LENGTH_MAX / 2), ...items.slice(-LIST_LENGTH_MAX / 2)];
}

/**
 * One page of the cookies of a scan, in the order of the observation; null when there is no such scan.
 *
 * @throws AppError INPUT_INVALID when the cursor is not one that an earlier page gave out
 */
export async function listCookies(
  access: DatabaseAccess,
  scanId: string,
  { cursor, limit }: { cursor: string | null; limit: number },
): Promise<CookiePage | null> {
  const after = cursor === null ? -1 : positionOf(cursor);
  const size = Math.min(Math.max(1, limit), PAGE_SIZE_MAX);
  const [scan, rows] = await access.query((prisma) =>
    Promise.all([
      prisma.scanResult.findUnique({ where: { id: scanId }, select: { id: true } }),
      prisma.cookie.findMany({
        where: { scanId, position: { gt: after } },
        orderBy: { position: 'asc' },
        take: size + 1,
      }),
    ]),
  );
  if (!scan) return null;
  const shown = rows.slice(0, size);
  const last = shown.at(-1);
  const nextCursor = rows.length > size && last ? cursorOf(last.position) : null;
  return { items: shown.map(fromRow), nextCursor };
}

function fromRow(row: CookieRow): Cookie {
  return {
    id: row.id,
    name: fromPostgresText(row.name),
    valueHash: row.valueHash,
    domain: fromPostgresText(row.domain),
    hostOnly: row.hostOnly,
    path: fromPostgresText(row.path),
    httpOnly: row.httpOnly,
    secure: row.secure,
    sameSite: row.sameSite,
    expiresAt: row.expiresAt?.toISOString() ?? null,
    session: row.expiresAt === null,
    partitionKey: nullOr(fromPostgresText, row.partitionKey),
    sizeBytes: row.sizeBytes,
    party: row.party,
    consentStates: row.consentStates,
    pages: row.pages.map(fromPostgresText),
    setBy: {
      kind: row.setByKind === 'cookie_store' ? 'cookie-store' : row.setByKind,
      url: nullOr(fromPostgresText, row.setByUrl),
      initiators: row.setByInitiators.map(fromPostgresText),
      confidence: row.setByConfidence,
    },
    events: cookieEventSchema
      .array()
      .parse(row.events)
      .map((event) => ({ ...event, url: nullOr(fromPostgresText, event.url) })),
  };
}

function cursorOf(position: number): string {
  return Buffer.from(String(position)).toString('base64url');
}

function positionOf(cursor: string): number {
  const text = Buffer.from(cursor, 'base64url').toString();
  const position = Number(text);
  if (!/^\d{1,9}$/.test(text) || cursorOf(position) !== cursor) {
    throw new AppError('INPUT_INVALID', 'cursor is not one that this list gave out: start again without it');
  }
  return position;
}

function nullOr(map: (text: string) => string, text: string | null): string | null {
  return text === null ? null : map(text);
}
