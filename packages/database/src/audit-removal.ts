import type { AuditAnchor } from '@cookie-scanner/contracts';
import type { AuditSigner } from './audit-anchor.ts';
import { chainStart, keepAnchor, knownChains, newestHead } from './audit-anchor-rows.ts';
import { writeAudit } from './audit.repository.ts';
import type { Prisma } from './generated/client.ts';
import { databaseAccess, type Database } from './open-database.ts';
import { isTurnOfRetention } from './retention/turn-of-retention.ts';

interface RemoveAuditOptions {
  /** From when on a chain is kept; rows from before go. Null for a chain that is kept for ever. */
  readonly keptSince: (chain: string) => Date | null;
  readonly signer: AuditSigner;
  /** Keeps a signed start outside the database too, before rows go. */
  readonly keepOutside: (anchor: AuditAnchor) => Promise<void>;
  /** Most rows that one transaction removes. */
  readonly pieceSize?: number;
}

interface RemovePieceOptions extends RemoveAuditOptions {
  /** Rows from before this time go. */
  readonly olderThan: Date;
}

const PIECE_SIZE = 5_000;

/**
 * Removes what the audit log has from before a time, the oldest rows of each chain first; one process at a time. What stays can be checked as
 * before: a signed start says behind which row it goes on. Only rows go that were signed as part of a whole chain
 * (`anchorAuditChains`), so that nobody gets rid of a broken one by waiting. Each removal is an entry of the log itself.
 *
 * @returns how many rows were removed
 */
export async function removeAuditLogs(database: Database, options: RemoveAuditOptions): Promise<number> {
  const access = databaseAccess(database);
  let removed = 0;
  for (const chain of await access.query(knownChains)) {
    const olderThan = options.keptSince(chain);
    let count = 0;
    do {
      count = olderThan === null ? 0 : await removePiece(database, chain, { ...options, olderThan });
      removed += count;
    } while (count > 0);
  }
  return removed;
}

async function removePiece(database: Database, chain: string, options: RemovePieceOptions): Promise<number> {
  const { signer, keepOutside } = options;
  return databaseAccess(database).transaction(async (tx) => {
    if (!(await isTurnOfRetention(tx))) return 0;
    const head = await newestHead(tx, chain);
    if (!head || signer.judge(head) !== 'good') return 0;
    const end = await removableEnd(tx, chain, head.sequence, options);
    if (!end) return 0;
    const before = await chainStart(tx, chain);
    const start = signer.sign({ kind: 'start', chain, ...end }, new Date());
    await keepOutside(start);
    await keepAnchor(tx, start);
    const count = await tx.$executeRaw`
      DELETE FROM audit_logs WHERE chain = ${chain} AND sequence <= ${BigInt(end.sequence)}`;
    await tx.$executeRaw`
      DELETE FROM audit_anchors WHERE chain = ${chain} AND sequence < ${BigInt(end.sequence)}`;
    await writeAudit(tx, {
      actorKind: 'system',
      action: 'audit_log.expire',
      targetType: 'audit_chain',
      targetId: chain,
      after: {
        from: (before?.sequence ?? 0) + 1,
        to: end.sequence,
        olderThan: options.olderThan.toISOString(),
      },
    });
    return count;
  });
}

/** The last of the oldest rows of a chain that may go; null when none may. */
async function removableEnd(
  tx: Prisma.TransactionClient,
  chain: string,
  signedUpTo: number,
  { olderThan, pieceSize = PIECE_SIZE }: RemovePieceOptions,
): Promise<{ sequence: number; hash: string } | null> {
  const [row] = await tx.$queryRaw<{ sequence: bigint; hash: string }[]>`
    WITH oldest AS (
      SELECT sequence, hash, occurred_at FROM audit_logs
       WHERE chain = ${chain} AND sequence <= ${BigInt(signedUpTo)} ORDER BY sequence LIMIT ${pieceSize}
    )
    SELECT sequence, hash FROM oldest
     WHERE sequence < coalesce(
       (SELECT min(sequence) FROM oldest WHERE occurred_at >= ${olderThan}), 9223372036854775807)
     ORDER BY sequence DESC LIMIT 1`;
  return row ? { sequence: Number(row.sequence), hash: row.hash } : null;
}
