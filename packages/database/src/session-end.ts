import type { SessionEndReason } from '@cookie-scanner/contracts';
import type { Prisma } from './generated/client.ts';

/** Ends the living sessions of somebody, but for one; returns how many ended. */
export async function endSessionsOf(
  tx: Prisma.TransactionClient,
  userId: string,
  reason: SessionEndReason,
  keepSessionId: string | null = null,
): Promise<number> {
  const { count } = await tx.refreshSession.updateMany({
    where: { userId, endedAt: null, ...(keepSessionId === null ? {} : { id: { not: keepSessionId } }) },
    data: { endedAt: new Date(), endReason: reason },
  });
  return count;
}
