import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { acquireLock } from './acquire-lock.ts';
import { jsonCache, type JsonCache } from './json-cache.ts';
import type { RedisOwner } from './open-redis.ts';
import { rateLimiter } from './rate-limiter.ts';
import { gate, outcomeOf, testOwners, until, warningsOf } from './test-owners.test.helper.ts';
import { startTestRedisServer, type TestRedisServer } from './testing.ts';

describe('a cache in an outage of Redis', () => {
  const owners = testOwners();
  let server: TestRedisServer;

  const { logger, warnings } = warningsOf();
  const open = (): Promise<RedisOwner> => owners.open({ url: server.url, logger });
  const textsOf = (redis: RedisOwner): JsonCache<z.ZodString> =>
    jsonCache(redis, { space: 'literature:paper', schema: z.string() });

  beforeEach(async () => {
    warnings.length = 0;
    server = await startTestRedisServer();
  });

  afterEach(async () => {
    await owners.close();
    await server.close();
  });

  it('computes once for the 100 callers of a process without Redis, and logs it once', async () => {
    const cache = textsOf(await open());
    await server.kill();
    let computed = 0;
    const compute = async (): Promise<string> => {
      computed += 1;
      return 'value';
    };

    const answers = await Promise.all(Array.from({ length: 100 }, () => cache.getOrCompute('id', compute)));

    expect(new Set(answers)).toEqual(new Set(['value']));
    expect(computed).toBe(1);
    expect(warnings).toEqual(['the cache is left out: Redis is away or refuses']);
  });

  it('gives the value to its callers when Redis dies while it is computed', async () => {
    const cache = textsOf(await open());

    const value = cache.getOrCompute('id', async () => {
      await server.kill();
      return 'value';
    });

    await expect(value).resolves.toBe('value');
  });

  it('gives the error to its callers when Redis dies while it is computed', async () => {
    const cache = textsOf(await open());

    const value = cache.getOrCompute('id', async () => {
      await server.kill();
      throw new Error('the source is broken');
    });

    await expect(value).rejects.toThrow('the source is broken');
  });

  it('does not wait for another process that it cannot hear of any more', async () => {
    const [one, other] = [textsOf(await open()), textsOf(await open())];
    const { opened, open: end } = gate();
    let isComputing = false;
    const first = one.getOrCompute('id', async () => {
      isComputing = true;
      await opened;
      return 'first';
    });
    await until(() => isComputing);
    const second = other.getOrCompute('id', async () => 'second');
    await server.kill();

    await expect(second).resolves.toBe('second');
    end();
    await expect(first).resolves.toBe('first');
  });

  it('computes again after Redis was flushed', async () => {
    const redis = await open();
    const cache = textsOf(redis);
    await cache.set('id', 'before');
    await redis.connection('failFast').flushall();

    await expect(cache.getOrCompute('id', async () => 'after')).resolves.toBe('after');
    await expect(cache.get('id')).resolves.toBe('after');
  });

  it('is left out while the memory of Redis is full, where locks refuse and limits go on', async () => {
    const redis = await open();
    const connection = redis.connection('failFast');
    const cache = textsOf(redis);
    await cache.set('kept', 'before');
    await connection.config('SET', 'maxmemory', '1mb');

    await expect(cache.get('kept')).resolves.toBe('before');
    await expect(cache.set('id', 'value')).resolves.toBe(false);
    await expect(cache.getOrCompute('id', async () => 'value')).resolves.toBe('value');
    await expect(outcomeOf(acquireLock(redis, 'id', { whenAway: 'refuse' }))).resolves.toBe(
      'REDIS_UNAVAILABLE',
    );
    const limiter = rateLimiter(redis, { name: 'login', limit: 20, strictLimit: 1, whenAway: 'strict' });
    await expect(limiter.consume('user')).resolves.toMatchObject({ allowed: true });

    await connection.config('SET', 'maxmemory', '0');
    await expect(cache.set('id', 'value')).resolves.toBe(true);
  });
});
