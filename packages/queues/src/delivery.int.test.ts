import { AppError } from '@cookie-scanner/errors';
import { testRedis } from '@cookie-scanner/redis/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { RetryLater } from './retry-later.ts';
import {
  openQueueUnderTest,
  until,
  type QueueUnderTest,
  type TestPayload,
} from './queue-under-test.test.helper.ts';

describe('delivery from producer to processor', () => {
  const test = testRedis();
  let queue: QueueUnderTest;

  beforeEach(() => {
    queue = openQueueUnderTest(test);
  });
  afterEach(async () => {
    await queue.close();
    await test.cleanup();
  });

  it('hands the processor what the producer was given, with defaults filled in', async () => {
    const seen: TestPayload[] = [];
    queue.consume(async (payload) => void seen.push(payload));

    await queue.producer.enqueue({ id: 'a' });
    await queue.producer.enqueueMany([{ id: 'b', note: 'two' }, { id: 'c' }]);
    await until(() => seen.length === 3);

    expect(seen).toEqual([
      { id: 'a', note: 'none' },
      { id: 'b', note: 'two' },
      { id: 'c', note: 'none' },
    ]);
    await queue.untilState('c', 'completed');
  });

  it('hands over first whose turn comes first, in the order of arrival where turns are equal', async () => {
    const inTurns = openQueueUnderTest(test, { priority: ({ note }) => Number(note) });
    const seen: string[] = [];
    await inTurns.producer.enqueueMany(
      ['30', '10', '20', '10'].map((note, n) => ({ id: `${note}-${n}`, note })),
    );
    inTurns.consume(async ({ id }) => void seen.push(id));
    await until(() => seen.length === 4);
    await inTurns.close();

    expect(seen).toEqual(['10-1', '10-3', '20-2', '30-0']);
  });

  it('takes no jobs for an empty list of payloads', async () => {
    await queue.producer.enqueueMany([]);

    await expect(queue.board.count()).resolves.toBe(0);
  });

  it('drops a job that is handed over twice', async () => {
    await queue.producer.enqueue({ id: 'a', note: 'first' });
    await queue.producer.enqueue({ id: 'a', note: 'second' });

    await expect(queue.board.count()).resolves.toBe(1);
    await expect(queue.board.getJob('test-a')).resolves.toMatchObject({ data: { note: 'first' } });
  });

  it('refuses a payload that does not fit the contract, before it reaches Redis', async () => {
    const wrong = { id: 7 } as unknown as { id: string };

    await expect(queue.producer.enqueue(wrong)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    await expect(queue.producer.enqueueMany([{ id: 'good' }, wrong])).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    });
    await expect(queue.board.count()).resolves.toBe(0);
  });

  it('refuses a payload of more than 16 KB', async () => {
    const note = 'x'.repeat(16_384);

    await expect(queue.producer.enqueue({ id: 'a', note })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });

  it('refuses a job id that BullMQ would misread', async () => {
    const other = openQueueUnderTest(test, { jobId: ({ id }) => id });

    await expect(other.producer.enqueue({ id: 'a:b' })).rejects.toThrow('job ids');
    await expect(other.producer.enqueue({ id: '42' })).rejects.toThrow('job ids');
    await other.close();
  });

  it('gives up a job whose payload does not fit, without calling the processor', async () => {
    const calls: unknown[] = [];
    await queue.board.add('test-work', { id: 5 }, { jobId: 'test-bad', attempts: 3 });
    queue.consume(async (payload) => void calls.push(payload));

    await queue.untilState('bad', 'failed');

    expect(calls).toEqual([]);
    await expect(queue.board.getJob('test-bad')).resolves.toMatchObject({ attemptsMade: 1 });
  });

  it('does not try again what the error table calls hopeless, and tells who wants to know', async () => {
    const calls: number[] = [];
    const givenUp: unknown[] = [];
    queue.consume(
      async (_, { attempt }) => {
        calls.push(attempt);
        throw new AppError('SCAN_NOT_FOUND', 'no such scan');
      },
      { onGaveUp: async (payload, error) => void givenUp.push(payload.id, error) },
    );
    await queue.producer.enqueue({ id: 'a' });

    await until(() => givenUp.length > 0);

    expect(calls).toEqual([1]);
    expect(givenUp).toEqual(['a', expect.objectContaining({ code: 'SCAN_NOT_FOUND' })]);
  });

  it('tries again what may succeed later, counting attempts, and gives up after the last', async () => {
    const calls: [number, boolean][] = [];
    const givenUp: unknown[] = [];
    queue.consume(
      async (_, { attempt, isLastAttempt }) => {
        calls.push([attempt, isLastAttempt]);
        throw new AppError('BROWSER_UNAVAILABLE', 'no browser');
      },
      { onGaveUp: async (_, error) => void givenUp.push(error) },
    );
    await queue.producer.enqueue({ id: 'a' });

    await until(() => givenUp.length > 0);

    expect(calls).toEqual([
      [1, false],
      [2, false],
      [3, true],
    ]);
    expect(givenUp).toEqual([expect.objectContaining({ code: 'BROWSER_UNAVAILABLE' })]);
  });

  it('goes on with other jobs when recording a given up job fails', async () => {
    const done: string[] = [];
    queue.consume(
      async ({ id }) => {
        if (id === 'bad') throw new AppError('SCAN_NOT_FOUND', 'no such scan');
        done.push(id);
      },
      { onGaveUp: () => Promise.reject(new Error('the database is away')) },
    );
    await queue.producer.enqueueMany([{ id: 'bad' }, { id: 'good' }]);

    await until(() => done.includes('good'));
  });

  it('brings a job back at no cost when the processor asks for later', async () => {
    const attempts: number[] = [];
    queue.consume(async (_, { attempt }) => {
      attempts.push(attempt);
      if (attempts.length < 5) throw new RetryLater(10, 'another worker holds it');
    });
    await queue.producer.enqueue({ id: 'a' });

    await queue.untilState('a', 'completed');

    expect(attempts).toEqual([1, 1, 1, 1, 1]);
  });

  it('aborts a job that takes longer than its contract allows, at the cost of an attempt', async () => {
    const hasty = openQueueUnderTest(test, { timeoutMs: 50, name: 'test-hasty' });
    const reasons: unknown[] = [];
    hasty.consume(
      (_, { signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            reasons.push(signal.reason);
            reject(signal.reason as Error);
          });
        }),
    );
    await hasty.producer.enqueue({ id: 'a' });

    await hasty.untilState('a', 'failed');

    expect(reasons).toHaveLength(3);
    expect(reasons[0]).toMatchObject({ name: 'JobAborted', kind: 'timeout' });
    await hasty.close();
  });

  it('works on more jobs at the same time as soon as it is told to', async () => {
    const running = new Set<string>();
    const gates = new Map<string, () => void>();
    const consumer = queue.consume(async ({ id }) => {
      running.add(id);
      await new Promise<void>((resolve) => gates.set(id, resolve));
      running.delete(id);
    });
    const ids = ['a', 'b', 'c', 'd'];
    await queue.producer.enqueueMany(ids.map((id) => ({ id })));
    await until(() => gates.size === 1);

    consumer.setConcurrency(3);
    for (const [id, open] of [...gates]) if (running.has(id)) open();
    await until(() => running.size === 3);

    for (const open of gates.values()) open();
    await Promise.all(ids.map((id) => queue.untilState(id, 'completed')));
  });

  it('works on fewer jobs at the same time once those that run have ended', async () => {
    let running = 0;
    let most = 0;
    const opens: (() => void)[] = [];
    const consumer = queue.consume(
      async () => {
        running += 1;
        most = Math.max(most, running);
        await new Promise<void>((resolve) => void opens.push(resolve));
        running -= 1;
      },
      { concurrency: 3 },
    );
    const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
    await queue.producer.enqueueMany(ids.map((id) => ({ id })));
    await until(() => running === 3);

    consumer.setConcurrency(1);
    most = 0;
    for (let ended = 0; ended < ids.length; ended += 1) {
      await until(() => opens.length > 0);
      opens.shift()?.();
      if (ended === 2) most = 0;
    }
    await Promise.all(ids.map((id) => queue.untilState(id, 'completed')));

    expect(most).toBe(1);
  });

  it('shows life while it only waits for work', async () => {
    const consumer = queue.consume(async () => undefined);
    await consumer.ready();
    const before = consumer.lastActivityAt();

    await until(() => consumer.lastActivityAt() > before + 500);
  });
});
