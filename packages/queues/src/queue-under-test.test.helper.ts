import { setTimeout as delay } from 'node:timers/promises';
import { defineQueue, type QueueContract } from '@cookie-scanner/contracts';
import { silentLogger } from '@cookie-scanner/observability';
import { openRedis, type RedisOwner } from '@cookie-scanner/redis';
import { z } from 'zod';
import { createConsumer, type Consumer, type ConsumerOptions } from './create-consumer.ts';
import { createProducer, type Producer } from './create-producer.ts';
import { openQueueForBoard, type BoardQueue } from './open-queue-for-board.ts';
import type { Processor } from './processor.ts';

const payload = z.object({ id: z.string(), note: z.string().default('none') });
export type TestPayload = z.output<typeof payload>;
type TestContract = QueueContract<typeof payload>;

/** A queue like those of the platform, with short times. */
export const testQueue: TestContract = defineQueue({
  name: 'test-work',
  payload,
  jobId: ({ id }) => `test-${id}`,
  attempts: 3,
  backoffMs: 10,
  timeoutMs: 30_000,
});

/** Times short enough to wait for. */
export const SHORT_TIMING = {
  lockDurationMs: 1_000,
  stalledIntervalMs: 500,
  pollIntervalMs: 1_000,
  abortGraceMs: 500,
};

/** Both ends of one queue in one process, and a look inside. */
export interface QueueUnderTest {
  readonly redis: RedisOwner;
  readonly producer: Producer<z.input<typeof payload>>;
  readonly board: BoardQueue;
  consume(processor: Processor<TestPayload>, options?: Partial<ConsumerOptions<TestPayload>>): Consumer;
  /** Waits until the job is in this state; the test's own timeout is the deadline. */
  untilState(id: string, state: string): Promise<void>;
  close(): Promise<void>;
}

export function openQueueUnderTest(
  where: { url: string; prefix: string },
  overrides: Partial<TestContract> = {},
): QueueUnderTest {
  const contract = { ...testQueue, ...overrides };
  const redis = openRedis({ ...where, logger: silentLogger });
  const location = { connection: redis.connection('failFast'), prefix: where.prefix };
  const producer = createProducer(contract, location);
  const board = openQueueForBoard(contract, location);
  const consumers: Consumer[] = [];

  return {
    redis,
    producer,
    board,
    consume(processor, options = {}) {
      const consumer = createConsumer(contract, processor, {
        connection: redis.connection('blocking'),
        prefix: where.prefix,
        concurrency: 1,
        logger: silentLogger,
        timing: SHORT_TIMING,
        ...options,
      });
      consumers.push(consumer);
      return consumer;
    },
    untilState: (id, state) => until(async () => (await board.getJobState(`test-${id}`)) === state),
    async close() {
      await Promise.all(consumers.map((consumer) => consumer.close(0)));
      await Promise.all([producer.close(), board.close()]);
      await redis.close();
    },
  };
}

/** Waits until `condition` holds; the test's own timeout is the deadline. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await delay(20);
}

/** Rejects with the reason of `signal` once it is aborted, as obedient work does. */
export function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason as Error);
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}
