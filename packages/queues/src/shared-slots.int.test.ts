import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import EventEmitter from 'node:events';
import { defineQueue } from '@cookie-scanner/contracts';
import { silentLogger } from '@cookie-scanner/observability';
import { openRedis } from '@cookie-scanner/redis';
import { testRedis } from '@cookie-scanner/redis/testing';
import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { createConsumer, type Consumer } from './create-consumer.ts';
import { createProducer } from './create-producer.ts';
import type { Processor } from './processor.ts';
import { RetryLater } from './retry-later.ts';
import { sharedSlots } from './shared-slots.ts';

const CLOSE_GRACE_MS = 1_000;

describe('consumers that share slots', () => {
  const server = testRedis();
  const redis = openRedis({ url: server.url, prefix: server.prefix, logger: silentLogger });
  const consumers: Consumer[] = [];

  afterEach(async () => {
    await Promise.all(consumers.splice(0).map((consumer) => consumer.close(CLOSE_GRACE_MS)));
  });
  afterAll(async () => {
    await redis.close();
    await server.cleanup();
  });

  function newQueue() {
    return defineQueue({
      name: `shared-${randomUUID()}`,
      payload: z.object({ n: z.number() }),
      jobId: ({ n }) => `job-${n}`,
      priority: ({ n }) => n + 1,
      attempts: 2,
      backoffMs: 10,
      timeoutMs: 60_000,
    });
  }
  type Queue = ReturnType<typeof newQueue>;

  async function fill(queue: Queue, count: number): Promise<void> {
    const producer = createProducer(queue, {
      connection: redis.connection('failFast'),
      prefix: redis.prefix,
    });
    await producer.enqueueMany(Array.from({ length: count }, (_, n) => ({ n })));
    await producer.close();
  }

  function serve(queues: Queue[], size: number, process: (queue: string) => Processor<{ n: number }>): void {
    const slots = sharedSlots(size);
    for (const queue of queues) {
      const connection = redis.connection('blocking');
      const options = { connection, prefix: redis.prefix, concurrency: size, slots, logger: silentLogger };
      consumers.push(createConsumer(queue, process(queue.name), options));
    }
  }

  it.each([1, 2, 3])('run %i jobs at most together, alternate, and leave none behind', async (size) => {
    const queues = [newQueue(), newQueue()];
    const jobsEach = 12;
    for (const queue of queues) await fill(queue, jobsEach);
    const events = new EventEmitter();
    const order: string[] = [];
    let running = 0;
    let runningMax = 0;
    const tried = new Set<string>();
    const done = once(events, 'done');
    serve(queues, size, (name) => async ({ n }) => {
      running += 1;
      runningMax = Math.max(runningMax, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      const job = `${name} ${n}`;
      // Every way for a job to end gives its slot back.
      if (n % 4 === 1 && !tried.has(job)) {
        tried.add(job);
        if (n % 8 === 1) throw new RetryLater(1, 'not now');
        throw new Error('failed');
      }
      order.push(name);
      if (order.length === queues.length * jobsEach) events.emit('done');
    });
    await done;
    expect(runningMax).toBeLessThanOrEqual(size);
    // While both had jobs, neither was served much more often than the other.
    const early = order.slice(0, jobsEach);
    for (const { name } of queues) {
      expect(early.filter((each) => each === name).length).toBeGreaterThanOrEqual(jobsEach / 4);
    }
    for (const consumer of consumers) expect(Date.now() - consumer.lastActivityAt()).toBeLessThan(60_000);
  });

  it('are closed in order while one of them waits for a slot', async () => {
    const queues = [newQueue(), newQueue()];
    for (const queue of queues) await fill(queue, 1);
    const begun = new EventEmitter();
    const first = once(begun, 'job');
    const names: string[] = [];
    serve(queues, 1, (name) => async (_job, { signal }) => {
      names.push(name);
      begun.emit('job');
      await new Promise((_, reject) =>
        signal.addEventListener('abort', () => reject(signal.reason as Error)),
      );
    });
    await first;
    const reports = await Promise.all(consumers.splice(0).map((consumer) => consumer.close(0)));
    expect(reports).toEqual([{ abandonedJobIds: [] }, { abandonedJobIds: [] }]);
    expect(names).toHaveLength(1);
  });
});
