import type { AuditAnchor } from '@cookie-scanner/contracts';
import type { AuditSigner } from './audit-anchor.ts';
import { chainStart, keepAnchor, knownChains, newestHead } from './audit-anchor-rows.ts';
import { CHAIN_BEGIN, inAuditSnapshot, walkChain } from './audit-chain-walk.ts';
import { databaseAccess, type Database } from './open-database.ts';

/** What became of a chain that was to be signed. */
export type AnchoringStep =
  | { readonly kind: 'anchored'; readonly anchor: AuditAnchor }
  /** It is not what was signed before, or not whole since then, from this row on. It is not signed. */
  | { readonly kind: 'broken'; readonly chain: string; readonly sequence: number };

interface AnchorChainsOptions {
  readonly signer: AuditSigner;
  /** Keeps an anchor outside the database, before the database does; when it fails, the chain is signed the next time. */
  readonly keepOutside: (anchor: AuditAnchor) => Promise<void>;
  /** Told of each chain that had something new. */
  readonly onStep: (step: AnchoringStep) => void;
  /** Most rows of a chain that one call follows; the rest is for the next. */
  readonly rowCountMax?: number;
}

/** Some seconds of work. */
const ROWS_AT_ONCE = 200_000;

/**
 * Signs the newest row of every chain that grew, after it followed the chain there from the place that was signed last:
 * what is signed was whole. So a chain that was cut or written anew shows here already, and is never signed again.
 *
 * Several processes may do this at once; then a place may be kept outside twice.
 */
export async function anchorAuditChains(database: Database, options: AnchorChainsOptions): Promise<void> {
  const { signer, keepOutside, onStep } = options;
  const access = databaseAccess(database);
  for (const chain of await access.query(knownChains)) {
    const step = await followFromAnchor(database, chain, options);
    if (step === null) continue;
    if (typeof step === 'number') {
      onStep({ kind: 'broken', chain, sequence: step });
      continue;
    }
    const anchor = signer.sign({ kind: 'head', chain, ...step }, new Date());
    await keepOutside(anchor);
    await access.query((prisma) => keepAnchor(prisma, anchor));
    onStep({ kind: 'anchored', anchor });
  }
}

/** The place to sign, the place of the first row that is not in order, or null when there is nothing new. */
async function followFromAnchor(
  database: Database,
  chain: string,
  { signer, rowCountMax = ROWS_AT_ONCE }: AnchorChainsOptions,
): Promise<{ sequence: number; hash: string } | number | null> {
  return inAuditSnapshot(databaseAccess(database), async (tx) => {
    const start = await chainStart(tx, chain);
    if (start && signer.judge(start) === 'forged') return start.sequence;
    const head = await newestHead(tx, chain);
    const trusted = head && signer.judge(head) === 'good' ? head : null;
    const isBehindStart = trusted && trusted.sequence > (start?.sequence ?? 0);
    const from = isBehindStart ? trusted : (start ?? CHAIN_BEGIN);
    if (isBehindStart) {
      const [row] = await tx.$queryRaw<{ hash: string }[]>`
        SELECT hash FROM public.audit_logs WHERE chain = ${chain} AND sequence = ${BigInt(from.sequence)}`;
      if (row?.hash !== from.hash) return from.sequence;
    }
    const { rowCount, end, broken } = await walkChain(tx, { chain, from, rowCountMax });
    if (broken) return broken.sequence;
    return rowCount === 0 ? null : { sequence: end.sequence, hash: end.hash };
  });
}
