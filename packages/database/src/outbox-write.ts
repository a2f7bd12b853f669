import type { QueueContract } from '@cookie-scanner/contracts';
import type { Prisma } from './generated/client.ts';

/** One job that a queue shall get once the transaction is committed. */
export type PendingJob = Prisma.OutboxEventCreateManyInput;

/**
 * A row for the outbox, its payload checked against the queue's contract.
 *
 * @throws ZodError when the payload does not fit: a bug of ours
 */
export function pendingJob<TPayload extends QueueContract['payload']>(
  contract: QueueContract<TPayload>,
  payload: TPayload['_zod']['input'],
): PendingJob {
  return { queue: contract.name, payload: contract.payload.parse(payload) as Prisma.InputJsonValue };
}

/** Writes jobs to the outbox, within the transaction whose work they announce. */
export async function writeOutbox(tx: Prisma.TransactionClient, jobs: PendingJob[]): Promise<void> {
  if (jobs.length > 0) await tx.outboxEvent.createMany({ data: jobs });
}
