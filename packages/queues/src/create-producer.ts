import type { QueueContract } from '@cookie-scanner/contracts';
import { AppError } from '@cookie-scanner/errors';
import { waitUntilReady, type Redis } from '@cookie-scanner/redis';
import { Queue } from 'bullmq';
import type { z } from 'zod';
import { jobOptions } from './job-options.ts';

/** Longer than any payload of ids and small facts; a larger one carries what belongs in the database. */
const PAYLOAD_SIZE_BYTES_MAX = 16 * 1_024;
const ENQUEUE_TIMEOUT_MS = 2_000;

/** What BullMQ accepts, and what we can read in a log: no colons, no bare number, no control characters. */
const JOB_ID = /^(?!\d+$)[\w.-]{1,200}$/;

/** Where a queue lives. */
export interface QueueLocation {
  /** Of purpose `failFast` for producers and Bull Board, `blocking` for consumers. Closed by its owner. */
  readonly connection: Redis;
  /** Starts every key of this installation; ioredis's own `keyPrefix` does not work with BullMQ. */
  readonly prefix: string;
}

/** Hands out jobs of one queue. */
export interface Producer<TPayload> {
  /**
   * Hands over one job. A job whose id is known already is dropped silently, so handing over twice is harmless.
   *
   * @throws AppError INPUT_INVALID when the payload does not fit the contract
   * @throws AppError QUEUE_UNAVAILABLE when Redis did not take the job within 2 s; it may still take it later
   */
  enqueue(payload: TPayload): Promise<void>;
  /** Hands over several jobs, all or none. Throws like `enqueue`. */
  enqueueMany(payloads: readonly TPayload[]): Promise<void>;
  /** Ends the producer; the connection stays open. */
  close(): Promise<void>;
}

interface NewJob {
  readonly name: string;
  readonly data: unknown;
  readonly opts: { readonly jobId: string; readonly priority?: number };
}

/** Opens the giving end of a queue. Returns at once, also while Redis is away. */
export function createProducer<TPayload extends z.ZodType>(
  contract: QueueContract<TPayload>,
  { connection, prefix }: QueueLocation,
): Producer<z.input<TPayload>> {
  const queue = new Queue(contract.name, {
    connection,
    prefix,
    defaultJobOptions: jobOptions(contract),
    // The check's INFO is asked once; if the connection breaks at that moment, the queue is dead for good.
    skipVersionCheck: true,
  });
  // The owner of the connection logs its errors; BullMQ repeats them to each queue and throws without a listener.
  queue.on('error', () => undefined);

  async function add(jobs: NewJob[]): Promise<void> {
    if (jobs.length === 0) return;
    const startedAtMs = performance.now();
    // Without this, BullMQ lets a job wait in memory for as long as Redis is away.
    if (!(await waitUntilReady(connection, ENQUEUE_TIMEOUT_MS))) throw unavailable(contract.name);
    try {
      await withinTime(queue.addBulk(jobs), ENQUEUE_TIMEOUT_MS - (performance.now() - startedAtMs));
    } catch (error) {
      throw unavailable(contract.name, error);
    }
  }

  return {
    enqueue: async (payload) => add([newJob(contract, payload)]),
    enqueueMany: async (payloads) => add(payloads.map((payload) => newJob(contract, payload))),
    close: () => queue.close(),
  };
}

function newJob<TPayload extends z.ZodType>(contract: QueueContract<TPayload>, payload: unknown): NewJob {
  const parsed = contract.payload.safeParse(payload);
  if (!parsed.success) {
    throw new AppError(
      'INPUT_INVALID',
      `The payload does not fit queue ${contract.name}: ${parsed.error.message}`,
    );
  }
  const sizeBytes = Buffer.byteLength(JSON.stringify(parsed.data));
  if (sizeBytes > PAYLOAD_SIZE_BYTES_MAX) {
    throw new AppError(
      'INPUT_INVALID',
      `A payload of queue ${contract.name} has ${sizeBytes} bytes; at most ${PAYLOAD_SIZE_BYTES_MAX} are allowed.`,
    );
  }
  const jobId = contract.jobId(parsed.data);
  if (!JOB_ID.test(jobId))
    throw new Error(`queue ${contract.name} makes job ids that BullMQ does not take: ${jobId}`);
  const priority = contract.priority?.(parsed.data);
  return {
    name: contract.name,
    data: parsed.data,
    opts: { jobId, ...(priority === undefined ? {} : { priority }) },
  };
}

/** @throws Error when `work` takes longer; what comes of it then is dropped */
async function withinTime(work: Promise<unknown>, timeoutMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeIsUp = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('Redis did not answer in time')), timeoutMs);
  });
  try {
    await Promise.race([work, timeIsUp]);
  } finally {
    clearTimeout(timer);
  }
}

function unavailable(queue: string, cause?: unknown): AppError {
  return new AppError(
    'QUEUE_UNAVAILABLE',
    `Queue ${queue} did not take the work within ${ENQUEUE_TIMEOUT_MS} ms; check REDIS_URL and the server.`,
    { queue },
    { cause },
  );
}
