import type { QueueContract } from '@cookie-scanner/contracts';
import type { DefaultJobOptions } from 'bullmq';

const DAY_SECONDS = 86_400;

/**
 * How long finished jobs stay in Redis, for Bull Board and as the first filter of duplicates. BullMQ removes them
 * only when another job finishes; the record of the work is in the database.
 */
const KEEP_COMPLETED = { count: 1_000, age: DAY_SECONDS };
const KEEP_FAILED = { count: 5_000, age: 7 * DAY_SECONDS };

/** Options that every job of a queue is added with. */
export function jobOptions({ attempts, backoffMs }: QueueContract): DefaultJobOptions {
  return {
    attempts,
    backoff: { type: 'exponential', delay: backoffMs, jitter: 0.5 },
    removeOnComplete: KEEP_COMPLETED,
    removeOnFail: KEEP_FAILED,
  };
}
