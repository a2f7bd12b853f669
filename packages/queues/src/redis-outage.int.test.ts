import { startTestRedisServer, type TestRedisServer } from '@cookie-scanner/redis/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  openQueueUnderTest,
  until,
  untilAborted,
  type QueueUnderTest,
} from './queue-under-test.test.helper.ts';

describe('while Redis is away', () => {
  let server: TestRedisServer;
  let queue: QueueUnderTest;

  beforeEach(async () => {
    server = await startTestRedisServer();
    queue = openQueueUnderTest({ url: server.url, prefix: 'test-outage' });
  });
  afterEach(async () => {
    await queue.close();
    await server.close();
  });

  it('the producer fails with a code, and producer and consumer go on when Redis is back', async () => {
    const done: string[] = [];
    const consumer = queue.consume(async ({ id }) => void done.push(id));
    await queue.producer.enqueue({ id: 'before' });
    await until(() => done.includes('before'));
    await server.kill();

    await expect(queue.producer.enqueue({ id: 'during' })).rejects.toMatchObject({
      code: 'QUEUE_UNAVAILABLE',
    });
    expect(Date.now() - consumer.lastActivityAt()).toBeLessThan(5_000);

    await server.start();
    await until(() =>
      queue.producer.enqueue({ id: 'after' }).then(
        () => true,
        () => false,
      ),
    );
    await until(() => done.includes('after'));
  });

  it('a producer that is created meanwhile fails with a code too, and works when Redis is back', async () => {
    await server.kill();
    const late = openQueueUnderTest({ url: server.url, prefix: 'test-outage' });
    try {
      await expect(late.producer.enqueue({ id: 'a' })).rejects.toMatchObject({ code: 'QUEUE_UNAVAILABLE' });

      await server.start();
      await until(() =>
        late.producer.enqueue({ id: 'a' }).then(
          () => true,
          () => false,
        ),
      );
      await expect(late.board.getJobState('test-a')).resolves.toBe('waiting');
    } finally {
      await late.close();
    }
  });

  it('a waiting job that Redis acknowledged survives its crash', async () => {
    await queue.producer.enqueue({ id: 'kept' });
    await server.kill();
    await server.start();

    const done: string[] = [];
    queue.consume(async ({ id }) => void done.push(id));
    await until(() => done.includes('kept'));
  });

  it('a consumer closes in bounded time, with and without a running job', async () => {
    const started: string[] = [];
    const busy = queue.consume(async ({ id }, { signal }) => {
      started.push(id);
      await untilAborted(signal);
    });
    await queue.producer.enqueue({ id: 'a' });
    await until(() => started.length === 1);
    const idle = queue.consume(async () => undefined);
    await idle.ready();
    await server.kill();

    await expect(idle.close(60_000)).resolves.toEqual({ abandonedJobIds: [] });
    await expect(busy.close(10)).resolves.toEqual({ abandonedJobIds: ['test-a'] });
  });
});
