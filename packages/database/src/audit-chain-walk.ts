import { Prisma } from './generated/client.ts';
import type { DatabaseAccess } from './open-database.ts';

/** A row of a chain and its hash. Behind 0 and 64 zeros stands the first row. */
export interface ChainPlace {
  readonly sequence: number;
  readonly hash: string;
}

/** What is before the first row of a chain. */
export const CHAIN_BEGIN: ChainPlace = { sequence: 0, hash: '0'.repeat(64) };

/** Why a row is not what its writer left. */
export type BrokenReason = 'missing' | 'changed' | 'detached';

/** How far a chain was followed. */
export interface ChainWalk {
  readonly rowCount: number;
  /** The last row that was in order; where the walk began when there was none. */
  readonly end: ChainPlace;
  /** The first row that is not in order; null when all are. */
  readonly broken: { readonly sequence: number; readonly reason: BrokenReason } | null;
}

interface WalkOptions {
  readonly chain: string;
  /** The row behind which the walk begins. */
  readonly from: ChainPlace;
  /** Most rows to follow; without it, to the end. */
  readonly rowCountMax?: number;
  /** Told after every piece how many rows were in order. */
  readonly onProgress?: (rowCount: number) => void;
}

/** Rows that one statement checks: some hundred milliseconds of work, and no memory to speak of. */
const PIECE_ROWS = 10_000;
const SNAPSHOT_MS_MAX = 6 * 3_600_000;

type Query = Pick<Prisma.TransactionClient, '$queryRaw'>;

/**
 * Works in one unchanging view of the database, in which rows that are added or removed meanwhile do not show. Nothing in
 * it trusts functions that somebody put into the database: names mean PostgreSQL's own first.
 */
export function inAuditSnapshot<T>(access: DatabaseAccess, work: (tx: Query) => Promise<T>): Promise<T> {
  return access.transaction(async (tx) => {
    await tx.$executeRaw`SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY`;
    await tx.$executeRaw`SET LOCAL search_path = pg_catalog, public`;
    return work(tx);
  }, SNAPSHOT_MS_MAX);
}

/** Follows a chain row by row: places without gaps, each with the hash of the one before, and its own as computed anew. */
export async function walkChain(tx: Query, options: WalkOptions): Promise<ChainWalk> {
  const { chain, from, rowCountMax = Number.MAX_SAFE_INTEGER, onProgress } = options;
  let end = from;
  let rowCount = 0;
  while (rowCount < rowCountMax) {
    const limit = Math.min(PIECE_ROWS, rowCountMax - rowCount);
    const piece = await checkPiece(tx, chain, end, limit);
    rowCount += piece.goodCount;
    end = piece.end;
    if (piece.broken) return { rowCount, end, broken: piece.broken };
    onProgress?.(rowCount);
    if (piece.goodCount < limit) break;
  }
  const hasMore = rowCount < rowCountMax && (await hasRowBehind(tx, chain, end.sequence));
  return { rowCount, end, broken: hasMore ? { sequence: end.sequence + 1, reason: 'missing' } : null };
}

async function hasRowBehind(tx: Query, chain: string, sequence: number): Promise<boolean> {
  const rows = await tx.$queryRaw<object[]>`
    SELECT FROM public.audit_logs WHERE chain = ${chain} AND sequence > ${BigInt(sequence)} LIMIT 1`;
  return rows.length > 0;
}

interface PieceRow {
  good_count: number;
  last_hash: string | null;
  sequence: string | null;
  follows: boolean | null;
}

async function checkPiece(
  tx: Query,
  chain: string,
  from: ChainPlace,
  limit: number,
): Promise<{ goodCount: number; end: ChainPlace; broken: ChainWalk['broken'] }> {
  const [row] = await tx.$queryRaw<PieceRow[]>`
    WITH piece AS (
      SELECT sequence, previous_hash, hash, ${HASH_OF_ROW} AS computed FROM public.audit_logs AS entry
       -- Both bounds: so the index is used whatever PostgreSQL thinks of the table's size.
       WHERE chain = ${chain} AND sequence > ${BigInt(from.sequence)} AND sequence <= ${BigInt(from.sequence + limit)}
    ), checked AS (
      SELECT sequence, hash, computed, ${BigInt(from.sequence)} + row_number() OVER in_order AS place,
             previous_hash = lag(hash, 1, ${from.hash}) OVER in_order AS follows
        FROM piece WINDOW in_order AS (ORDER BY sequence)
    ), broken AS (
      SELECT place, sequence, follows FROM checked
       WHERE sequence <> place OR NOT follows OR hash <> computed ORDER BY place LIMIT 1
    )
    SELECT count(*)::int AS good_count,
           (array_agg(hash ORDER BY place DESC))[1] AS last_hash,
           (SELECT sequence::text FROM broken) AS sequence, (SELECT follows FROM broken) AS follows
      FROM checked WHERE place < coalesce((SELECT place FROM broken), 9223372036854775807)`;
  const goodCount = row?.good_count ?? 0;
  const end = row?.last_hash == null ? from : { sequence: from.sequence + goodCount, hash: row.last_hash };
  return { goodCount, end, broken: brokenOf(row, end.sequence + 1) };
}

function brokenOf(row: PieceRow | undefined, place: number): ChainWalk['broken'] {
  if (row?.sequence == null) return null;
  if (Number(row.sequence) !== place) return { sequence: place, reason: 'missing' };
  return { sequence: place, reason: row.follows === true ? 'changed' : 'detached' };
}

/**
 * The hash of a row, as `audit_log_hash` made it when the row was written. Said here once more, so that whoever changes
 * that function to hide something gains nothing. The tests hold both together.
 */
const HASH_OF_ROW = Prisma.sql`encode(sha256(convert_to(entry.previous_hash || jsonb_build_object(
    'id', entry.id, 'chain', entry.chain, 'sequence', entry.sequence,
    'occurredAt', to_char(entry.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    'actorKind', entry.actor_kind, 'actorId', entry.actor_id, 'actorName', entry.actor_name,
    'action', entry.action, 'outcome', entry.outcome,
    'targetType', entry.target_type, 'targetId', entry.target_id, 'workspaceId', entry.workspace_id,
    'ip', entry.ip, 'userAgent', entry.user_agent, 'requestId', entry.request_id,
    'before', entry.before, 'after', entry.after
  )::text, 'UTF8')), 'hex')`;
