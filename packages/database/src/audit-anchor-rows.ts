import type { AuditAnchor } from '@cookie-scanner/contracts';
import { Prisma } from './generated/client.ts';

type Query = Pick<Prisma.TransactionClient, '$queryRaw'>;
type Write = Pick<Prisma.TransactionClient, '$executeRaw'>;

interface AnchorRow extends Omit<AuditAnchor, 'sequence' | 'signedAt'> {
  sequence: bigint;
  signedAt: Date;
}

const COLUMNS = Prisma.sql`
  kind::text AS kind, chain, sequence, hash, signed_at AS "signedAt", key_id AS "keyId", signature`;

/** Where each chain begins that retention shortened, as far as it is signed. */
export async function chainStarts(tx: Query): Promise<AuditAnchor[]> {
  const rows = await tx.$queryRaw<AnchorRow[]>`
    SELECT DISTINCT ON (chain) ${COLUMNS} FROM public.audit_anchors WHERE kind = 'start'
     ORDER BY chain, sequence DESC`;
  return rows.map(fromRow);
}

/** The signed heads of all chains, in pieces. */
export async function* chainHeads(tx: Query, pieceSize: number): AsyncGenerator<AuditAnchor[]> {
  let after: { chain: string; sequence: number } = { chain: '', sequence: 0 };
  for (;;) {
    const rows = await tx.$queryRaw<AnchorRow[]>`
      SELECT ${COLUMNS} FROM public.audit_anchors
       WHERE kind = 'head' AND (chain, sequence) > (${after.chain}, ${BigInt(after.sequence)})
       ORDER BY chain, sequence LIMIT ${pieceSize}`;
    const last = rows.at(-1);
    if (!last) return;
    yield rows.map(fromRow);
    after = { chain: last.chain, sequence: Number(last.sequence) };
  }
}

/** The newest signed head of a chain; null when there is none. */
export async function newestHead(tx: Query, chain: string): Promise<AuditAnchor | null> {
  const [row] = await tx.$queryRaw<AnchorRow[]>`
    SELECT ${COLUMNS} FROM public.audit_anchors WHERE chain = ${chain} AND kind = 'head'
     ORDER BY sequence DESC LIMIT 1`;
  return row ? fromRow(row) : null;
}

/** The signed start of a chain; null when nothing was removed. */
export async function chainStart(tx: Query, chain: string): Promise<AuditAnchor | null> {
  const [row] = await tx.$queryRaw<AnchorRow[]>`
    SELECT ${COLUMNS} FROM public.audit_anchors WHERE chain = ${chain} AND kind = 'start'
     ORDER BY sequence DESC LIMIT 1`;
  return row ? fromRow(row) : null;
}

/** Keeps a signed place; one that is kept already stays as it is. */
export async function keepAnchor(tx: Write, anchor: AuditAnchor): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO audit_anchors (chain, kind, sequence, hash, signed_at, key_id, signature)
    VALUES (${anchor.chain}, ${anchor.kind}::audit_anchor_kind, ${BigInt(anchor.sequence)}, ${anchor.hash},
            ${new Date(anchor.signedAt)}, ${anchor.keyId}, ${anchor.signature})
    ON CONFLICT DO NOTHING`;
}

/** Every chain that has rows, and those that only have signed places, such as one that somebody emptied. */
export async function knownChains(tx: Query): Promise<string[]> {
  // PostgreSQL would read every entry of an index for DISTINCT; this hops from chain to chain.
  const rows = await tx.$queryRaw<{ chain: string }[]>`
    WITH RECURSIVE chains AS (
      SELECT least((SELECT min(chain) FROM public.audit_logs), (SELECT min(chain) FROM public.audit_anchors)) AS chain
      UNION ALL
      SELECT least((SELECT min(chain) FROM public.audit_logs WHERE chain > chains.chain),
                   (SELECT min(chain) FROM public.audit_anchors WHERE chain > chains.chain))
        FROM chains WHERE chains.chain IS NOT NULL
    )
    SELECT chain FROM chains WHERE chain IS NOT NULL`;
  return rows.map(({ chain }) => chain);
}

function fromRow({ sequence, signedAt, ...rest }: AnchorRow): AuditAnchor {
  return { ...rest, sequence: Number(sequence), signedAt: signedAt.toISOString() };
}
