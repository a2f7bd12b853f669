import { testRedis } from '@cookie-scanner/redis/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  openQueueUnderTest,
  until,
  untilAborted,
  type QueueUnderTest,
} from './queue-under-test.test.helper.ts';

describe('closing a consumer', () => {
  const test = testRedis();
  let queue: QueueUnderTest;

  beforeEach(() => {
    queue = openQueueUnderTest(test);
  });
  afterEach(async () => {
    await queue.close();
    await test.cleanup();
  });

  it('lets a running job finish within the grace and takes no other', async () => {
    const { promise: mayFinish, resolve: finish } = Promise.withResolvers<undefined>();
    const started: string[] = [];
    const consumer = queue.consume(async ({ id }) => {
      started.push(id);
      await mayFinish;
    });
    await queue.producer.enqueueMany([{ id: 'a' }, { id: 'b' }]);
    await until(() => started.length === 1);

    const closed = consumer.close(30_000);
    finish(undefined);
    await expect(closed).resolves.toEqual({ abandonedJobIds: [] });

    await expect(queue.board.getJobState('test-a')).resolves.toBe('completed');
    await expect(queue.board.getJobState('test-b')).resolves.toBe('waiting');
  });

  it('hands a job back after the grace without charging an attempt, and another consumer finishes it', async () => {
    const kinds: unknown[] = [];
    const first = queue.consume(async (_, { signal }) => {
      kinds.push('started');
      await untilAborted(signal).catch((error: unknown) => {
        kinds.push(error);
        throw error;
      });
    });
    await queue.producer.enqueue({ id: 'a' });
    await until(() => kinds.length === 1);

    await expect(first.close(50)).resolves.toEqual({ abandonedJobIds: [] });
    expect(kinds[1]).toMatchObject({ kind: 'shutdown' });
    await expect(queue.board.getJob('test-a')).resolves.toMatchObject({ attemptsMade: 0, stalledCounter: 0 });

    const attempts: number[] = [];
    queue.consume(async (_, { attempt }) => void attempts.push(attempt));
    await queue.untilState('a', 'completed');
    expect(attempts).toEqual([1]);
  });

  it('returns even when a job ignores its signal, and names the job', async () => {
    const { promise: never, resolve: release } = Promise.withResolvers<undefined>();
    const started: string[] = [];
    const consumer = queue.consume(async ({ id }) => {
      started.push(id);
      await never;
    });
    await queue.producer.enqueue({ id: 'deaf' });
    await until(() => started.length === 1);

    await expect(consumer.close(20)).resolves.toEqual({ abandonedJobIds: ['test-deaf'] });
    release(undefined);
    await queue.untilState('deaf', 'completed');
  });

  it('waits for the record of a given up job', async () => {
    const { promise: recording, resolve: recorded } = Promise.withResolvers<undefined>();
    let isRecorded = false;
    const consumer = queue.consume(() => Promise.reject(new Error('broken')), {
      onGaveUp: async () => {
        await recording;
        isRecorded = true;
      },
    });
    await queue.producer.enqueue({ id: 'a' });
    await queue.untilState('a', 'failed');

    const closed = consumer.close(0);
    recorded(undefined);
    await closed;

    expect(isRecorded).toBe(true);
  });
});
