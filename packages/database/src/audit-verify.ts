import type { AuditAnchor } from '@cookie-scanner/contracts';
import { AppError } from '@cookie-scanner/errors';
import type { AnchorJudge } from './audit-anchor.ts';
import { chainHeads, chainStarts, knownChains } from './audit-anchor-rows.ts';
import { CHAIN_BEGIN, inAuditSnapshot, walkChain, type BrokenReason } from './audit-chain-walk.ts';
import type { Prisma } from './generated/client.ts';
import { databaseAccess, type Database } from './open-database.ts';

/** Why a chain is not what was signed: rows are gone, were written anew, or a signature is none of ours. */
type ChainFault = BrokenReason | 'cut' | 'rewritten' | 'forged_anchor';

/** What became of one chain of the audit log. */
export interface ChainVerdict {
  readonly chain: string;
  readonly rowCount: number;
  /** Place of the first row that is to be there: 1, or the one behind what retention removed. */
  readonly firstSequence: number;
  /** The first row that is not what its writer left; null when the chain is whole. */
  readonly fault: { readonly sequence: number; readonly reason: ChainFault } | null;
}

/** What became of the whole log. */
export interface AuditVerdict {
  readonly chains: readonly ChainVerdict[];
  /** Signatures that were good and whose rows are there, as far as retention did not remove them. */
  readonly anchorCount: number;
  /** Names of keys that signed and are not known here: what they signed could not be checked. */
  readonly unknownKeyIds: readonly string[];
}

interface VerifyAuditOptions {
  readonly judge: AnchorJudge;
  /** Anchors kept outside the database, in pieces; without them, a cut whose anchors were removed too does not show. */
  readonly outside?: AsyncIterable<readonly AuditAnchor[]>;
  /** Told now and then how many rows were checked. */
  readonly onProgress?: (rowCount: number) => void;
}

const ANCHORS_PER_QUERY = 500;

/**
 * Checks the audit log against itself (every row's hash, place and predecessor) and against what was signed. It needs
 * the database alone, computes every hash anew, and holds a few rows at a time, however long the log is.
 *
 * @throws AppError AUDIT_UNREADABLE when row-level security hides rows from this login
 * @throws AppError DATABASE_UNAVAILABLE
 */
export function verifyAudit(database: Database, options: VerifyAuditOptions): Promise<AuditVerdict> {
  return inAuditSnapshot(databaseAccess(database), async (tx) => {
    await requireSight(tx);
    const book = verdictBook(options.judge);
    const starts = new Map((await chainStarts(tx)).map((anchor) => [anchor.chain, anchor]));
    for (const anchor of starts.values()) book.isGood(anchor);
    const walks: Omit<ChainVerdict, 'fault'>[] = [];
    let rowCount = 0;
    for (const chain of await knownChains(tx)) {
      const before = rowCount;
      const from = starts.get(chain) ?? CHAIN_BEGIN;
      const onProgress = (count: number): void => options.onProgress?.(before + count);
      const walk = await walkChain(tx, { chain, from, onProgress });
      rowCount += walk.rowCount;
      if (walk.broken) book.blame(chain, walk.broken.sequence, walk.broken.reason);
      const tooEarly = await firstRowUpTo(tx, chain, from.sequence);
      if (tooEarly !== null) book.blame(chain, tooEarly, 'detached');
      walks.push({ chain, rowCount: walk.rowCount, firstSequence: from.sequence + 1 });
    }
    const anchorCount = await compareAnchors(tx, book, starts, options.outside);
    const walked = new Set(walks.map(({ chain }) => chain));
    for (const chain of book.faults.keys()) {
      if (!walked.has(chain)) walks.push({ chain, rowCount: 0, firstSequence: 1 });
    }
    return {
      chains: walks.map((walk) => ({ ...walk, fault: book.faults.get(walk.chain) ?? null })),
      anchorCount,
      unknownKeyIds: [...book.unknownKeyIds],
    };
  });
}

type Fault = NonNullable<ChainVerdict['fault']>;

/** What was found so far. */
interface VerdictBook {
  /** The first fault of each chain that has one. */
  readonly faults: ReadonlyMap<string, Fault>;
  readonly unknownKeyIds: ReadonlySet<string>;
  blame(chain: string, sequence: number, reason: ChainFault): void;
  /** Whether a signature is good; notes what is wrong with it otherwise. */
  isGood(anchor: AuditAnchor): boolean;
}

function verdictBook(judge: AnchorJudge): VerdictBook {
  const faults = new Map<string, Fault>();
  const unknownKeyIds = new Set<string>();
  const blame: VerdictBook['blame'] = (chain, sequence, reason) => {
    const known = faults.get(chain);
    if (!known || sequence < known.sequence) faults.set(chain, { sequence, reason });
  };
  return {
    faults,
    unknownKeyIds,
    blame,
    isGood(anchor) {
      const verdict = judge(anchor);
      if (verdict === 'unknown') unknownKeyIds.add(anchor.keyId);
      if (verdict === 'forged') blame(anchor.chain, anchor.sequence, 'forged_anchor');
      return verdict === 'good';
    },
  };
}

/** Looks for the row that each anchor signed, unless retention removed it. Returns how many signatures are good. */
async function compareAnchors(
  tx: Query,
  book: VerdictBook,
  starts: ReadonlyMap<string, AuditAnchor>,
  outside: VerifyAuditOptions['outside'],
): Promise<number> {
  let count = 0;
  for await (const piece of inTurn(chainHeads(tx, ANCHORS_PER_QUERY), outside)) {
    const good = piece.filter((anchor) => book.isGood(anchor));
    count += good.length;
    const due = good.filter(({ chain, sequence }) => sequence > (starts.get(chain)?.sequence ?? 0));
    const hashes = await hashesAt(tx, due);
    for (const [index, { chain, sequence, hash }] of due.entries()) {
      const found = hashes[index] ?? null;
      if (found === null) book.blame(chain, (await lastRowBefore(tx, chain, sequence)) + 1, 'cut');
      else if (found !== hash) book.blame(chain, sequence, 'rewritten');
    }
  }
  return count;
}

type Query = Pick<Prisma.TransactionClient, '$queryRaw'>;

/** Rows that one may not see would look like rows that are missing, or like a log that is empty. */
async function requireSight(tx: Query): Promise<void> {
  const [table] = await tx.$queryRaw<{ isThere: boolean }[]>`
    SELECT to_regclass('public.audit_anchors') IS NOT NULL AS "isThere"`;
  if (table?.isThere !== true) {
    throw new AppError(
      'AUDIT_UNREADABLE',
      'This database has no audit log, or an older schema; bring it up to date with npm run db:migrate.',
    );
  }
  const [row] = await tx.$queryRaw<{ isHidden: boolean }[]>`
    SELECT row_security_active('public.audit_logs') OR row_security_active('public.audit_anchors') AS "isHidden"`;
  if (row?.isHidden !== false) {
    throw new AppError(
      'AUDIT_UNREADABLE',
      'This login does not see the whole audit log; use the owner of its tables.',
    );
  }
}

/** The first row at or before a place, where retention left none; null when there is none. */
async function firstRowUpTo(tx: Query, chain: string, sequence: number): Promise<number | null> {
  const [row] = await tx.$queryRaw<{ first: bigint | null }[]>`
    SELECT min(sequence) AS first FROM public.audit_logs
     WHERE chain = ${chain} AND sequence <= ${BigInt(sequence)}`;
  return row?.first == null ? null : Number(row.first);
}

/** The last row before a place that has none; 0 when there is none. */
async function lastRowBefore(tx: Query, chain: string, sequence: number): Promise<number> {
  const [row] = await tx.$queryRaw<{ last: bigint | null }[]>`
    SELECT max(sequence) AS last FROM public.audit_logs
     WHERE chain = ${chain} AND sequence < ${BigInt(sequence)}`;
  return Number(row?.last ?? 0);
}

/** The hashes of rows, in the order of the places; null where there is no row. */
async function hashesAt(tx: Query, places: readonly AuditAnchor[]): Promise<(string | null)[]> {
  const rows = await tx.$queryRaw<{ hash: string | null }[]>`
    SELECT entry.hash
      FROM unnest(${places.map(({ chain }) => chain)}::text[], ${places.map(({ sequence }) => BigInt(sequence))}::bigint[])
           WITH ORDINALITY AS wanted (chain, sequence, nth)
      LEFT JOIN public.audit_logs AS entry ON entry.chain = wanted.chain AND entry.sequence = wanted.sequence
     ORDER BY wanted.nth`;
  return rows.map(({ hash }) => hash);
}

async function* inTurn<T>(first: AsyncIterable<T>, second: AsyncIterable<T> | undefined): AsyncGenerator<T> {
  yield* first;
  if (second) yield* second;
}
