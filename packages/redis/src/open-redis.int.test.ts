import { once } from 'node:events';
import { silentLogger } from '@cookie-scanner/observability';
import { afterEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { jsonCache } from './json-cache.ts';
import { openRedis, type RedisOwner } from './open-redis.ts';
import { rateLimiter } from './rate-limiter.ts';
import { startTestRedisServer, testRedis, type TestRedisServer } from './testing.ts';
import { waitUntilReady } from './wait-until-ready.ts';
import { withLock } from './with-lock.ts';

/** Nothing listens on port 1. */
const NOWHERE = 'redis://127.0.0.1:1';

describe('openRedis', () => {
  const corner = testRedis();
  const { url, prefix } = corner;
  const opened: { close(): Promise<void> }[] = [];
  const open = (at = url): RedisOwner => remember(openRedis({ url: at, prefix, logger: silentLogger }));
  const startServer = async (...options: string[]): Promise<TestRedisServer> =>
    remember(await startTestRedisServer(options));

  function remember<T extends { close(): Promise<void> }>(thing: T): T {
    opened.unshift(thing);
    return thing;
  }

  afterEach(async () => {
    for (const thing of opened.splice(0)) await thing.close();
    await corner.cleanup();
  });

  it('shares one connection per purpose', () => {
    const redis = open();

    expect(redis.connection('failFast')).toBe(redis.connection('failFast'));
    expect(redis.connection('blocking')).not.toBe(redis.connection('failFast'));
    expect(redis.connections()).toBe(2);
  });

  it('counts and closes the copies that a library makes of a connection', async () => {
    const redis = open();
    const copy = redis.connection('blocking').duplicate();
    await waitUntilReady(copy, 5_000);
    expect(redis.connections()).toBe(2);

    await redis.close();

    expect(copy.status).toBe('end');
    expect(redis.connections()).toBe(0);
  });

  it('refuses to open more connections than a process may need, 50 unless told', () => {
    const connection = open().connection('blocking');

    expect(() => {
      for (let count = 0; count < 50; count += 1) connection.duplicate();
    }).toThrow('would be a leak');
  });

  it('holds its bound under load, and counts what the server counts', async () => {
    const name = `${prefix}-load`;
    const redis = remember(
      openRedis({ url: `${url}/?connectionName=${name}`, prefix, logger: silentLogger, poolMax: 3 }),
    );
    const cache = jsonCache(redis, { space: 'user:preferences', schema: z.number() });
    const limiter = rateLimiter(redis, { name: 'load', limit: 10_000, whenAway: 'open' });

    await Promise.all(
      Array.from({ length: 500 }, async (_, index) => {
        await cache.getOrCompute(`user ${index % 50}`, async () => index);
        await limiter.consume('user');
        await withLock(redis, `lock ${index}`, { whenAway: 'refuse' }, async () => index);
      }),
    );

    await redis.ping();
    expect(redis.connections()).toBe(2);
    const clients = String(await redis.connection('failFast').client('LIST')).split('\n');
    expect(clients.filter((line) => line.includes(`name=${name} `))).toHaveLength(2);
    redis.connection('blocking');
    expect(() => redis.connection('subscriber')).toThrow('would be a leak');
    expect(redis.connections()).toBe(3);
  });

  it('answers a ping when Redis does', async () => {
    await expect(open().ping()).resolves.toBeUndefined();
  });

  it('gives up a ping that nobody answers, with a code', async () => {
    await expect(open(NOWHERE).ping(300)).rejects.toMatchObject({ code: 'REDIS_UNAVAILABLE' });
  });

  it('refuses a command at once while Redis is away, on the connection that fails fast', async () => {
    await expect(open(NOWHERE).connection('failFast').get('any')).rejects.toThrow("Stream isn't writeable");
  });

  it('holds a command until Redis is back, on the connection that waits', async () => {
    const server = await startServer();
    const connection = open(server.url).connection('blocking');
    await connection.set('before', 'kept');
    await server.kill();

    const answer = connection.get('before');
    await server.start();

    await expect(answer).resolves.toBe('kept');
  });

  it('reports a server as healthy that keeps all keys', async () => {
    const redis = open();

    await expect(redis.health()).resolves.toEqual({ ok: true });
    await expect(redis.evictionPolicy()).resolves.toBe('noeviction');
  });

  it('names the setting of a server that would lose jobs when its memory is full', async () => {
    const server = await startServer('--maxmemory-policy', 'allkeys-lru');

    await expect(open(server.url).health()).resolves.toEqual({
      ok: false,
      detail: expect.stringContaining('maxmemory-policy allkeys-lru'),
    });
  });

  it('reports a server that is away without rejecting', async () => {
    await expect(open(NOWHERE).health()).resolves.toEqual({
      ok: false,
      detail: expect.stringContaining('did not answer'),
    });
  });

  it('ends the commands that wait for Redis when it closes', async () => {
    const server = await startServer();
    const redis = open(server.url);
    const connection = redis.connection('blocking');
    await connection.set('before', 'kept');
    const isTrying = once(connection, 'reconnecting');
    await server.kill();
    await isTrying;

    const answer = connection.get('before').catch((error: unknown) => String(error));
    await redis.close();

    await expect(answer).resolves.toContain('Connection is closed');
  });

  it('closes in bounded time while Redis is away, and opens nothing afterwards', async () => {
    const redis = open(NOWHERE);
    redis.connection('blocking');
    await redis.close();

    expect(redis.connections()).toBe(0);
    expect(() => redis.connection('failFast')).toThrow('closed');
    await expect(redis.health()).resolves.toMatchObject({ ok: false });
  });
});
