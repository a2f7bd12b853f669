import type { QueueContract } from '@cookie-scanner/contracts';
import { Queue } from 'bullmq';
import type { QueueLocation } from './create-producer.ts';

/** A queue as Bull Board wants it. */
export type BoardQueue = Queue;

/** Opens a queue to look at. The caller closes it; the connection stays open. */
export function openQueueForBoard(
  contract: QueueContract,
  { connection, prefix }: QueueLocation,
): BoardQueue {
  const queue = new Queue(contract.name, {
    connection,
    prefix,
    skipVersionCheck: true,
    skipMetasUpdate: true,
  });
  // The owner of the connection logs its errors; BullMQ repeats them to each queue and throws without a listener.
  queue.on('error', () => undefined);
  return queue;
}
