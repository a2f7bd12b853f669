import { sendAccountNoticeQueue } from '@cookie-scanner/contracts';
import { writeAudit, type AuditEntry } from './audit.repository.ts';
import type { Prisma } from './generated/client.ts';
import { pendingJob, writeOutbox } from './outbox-write.ts';

/**
 * Records what is done to somebody's account, or in their name, and has them told of it: whoever took over a session
 * must not be able to go on unseen. What the platform does by itself needs no telling.
 */
export async function auditAndTell(
  tx: Prisma.TransactionClient,
  userId: string,
  entry: AuditEntry,
): Promise<void> {
  const auditLogId = await writeAudit(tx, entry);
  if (entry.actorKind === 'system') return;
  await writeOutbox(tx, [pendingJob(sendAccountNoticeQueue, { auditLogId, userId })]);
}
