import type { Prisma } from '../generated/client.ts';

/** Longest wait for a row that somebody else holds, as PostgreSQL writes it. What waits is tried again later. */
const LOCK_TIMEOUT = '2s';
/** Longest that one statement of a batch may take. */
const STATEMENT_TIMEOUT = '20s';

/**
 * Makes this transaction the only one that removes what is old, and bounds how long it may hold others up.
 *
 * @returns false while another process removes
 */
export async function isTurnOfRetention(tx: Prisma.TransactionClient): Promise<boolean> {
  const [turn] = await tx.$queryRaw<{ is_ours: boolean }[]>`
    SELECT pg_try_advisory_xact_lock(hashtextextended('retention', 0)) AS is_ours,
           set_config('lock_timeout', ${LOCK_TIMEOUT}, true),
           set_config('statement_timeout', ${STATEMENT_TIMEOUT}, true)`;
  return turn?.is_ours === true;
}
