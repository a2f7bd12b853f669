import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { acquireLock } from './acquire-lock.ts';
import { jsonCache } from './json-cache.ts';
import type { RedisOwner } from './open-redis.ts';
import { presence } from './presence.ts';
import { progressChannel } from './progress-channel.ts';
import { rateLimiter } from './rate-limiter.ts';
import { sessionStore } from './sessions.ts';
import { outcomeOf, testOwners, until } from './test-owners.test.helper.ts';
import { startTestRedisServer, type TestRedisServer } from './testing.ts';
import { withLock } from './with-lock.ts';

/** How long one operation may wait for Redis here. */
const OPERATION_TIMEOUT_MS = 300;
/** For a machine that has better things to do; far below any of the timeouts of TCP. */
const SLACK_MS = 3_000;

const member = { userId: 'user', connectionId: 'window', cursor: 1 };

interface Operation {
  readonly name: string;
  run(redis: RedisOwner): Promise<unknown>;
  /** What it comes to while Redis is away. */
  readonly away: unknown;
  /** How many waits for Redis it consists of at most. */
  readonly waits: number;
}

const cacheOf = (redis: RedisOwner) => jsonCache(redis, { space: 'analytics:trends', schema: z.number() });
const sessionsOf = (redis: RedisOwner) => sessionStore(redis, z.string());
const roomsOf = (redis: RedisOwner) => presence(redis, z.number());
const limitOf = (redis: RedisOwner, whenAway: 'strict' | 'open') =>
  rateLimiter(redis, { name: 'login', limit: 20, strictLimit: 2, whenAway });

async function fenceOf(redis: RedisOwner, whenAway: 'refuse' | 'proceed'): Promise<number | null> {
  const lock = await acquireLock(redis, randomUUID(), { whenAway, waitMs: 60_000 });
  await lock.release();
  return lock.fence;
}

/** Every operation of the package that a request may wait for. */
const OPERATIONS: readonly Operation[] = [
  { name: 'cache get', run: (redis) => cacheOf(redis).get('id'), away: undefined, waits: 1 },
  { name: 'cache set', run: (redis) => cacheOf(redis).set('id', 1), away: false, waits: 1 },
  { name: 'cache delete', run: (redis) => cacheOf(redis).delete('id'), away: false, waits: 1 },
  {
    name: 'getOrCompute',
    run: (redis) => cacheOf(redis).getOrCompute('id', async () => 7),
    away: 7,
    waits: 2,
  },
  {
    name: 'getOrCompute with stale values',
    run: (redis) => cacheOf(redis).getOrCompute('id', async () => 7, { staleWhileRecomputing: true }),
    away: 7,
    waits: 2,
  },
  {
    name: 'lock that refuses',
    run: (redis) => fenceOf(redis, 'refuse'),
    away: 'REDIS_UNAVAILABLE',
    waits: 2,
  },
  {
    name: 'lock that proceeds',
    run: (redis) => fenceOf(redis, 'proceed'),
    away: null,
    waits: 2,
  },
  {
    name: 'withLock that proceeds',
    run: (redis) => withLock(redis, 'id', { whenAway: 'proceed' }, async () => 'done'),
    away: 'done',
    waits: 2,
  },
  {
    name: 'strict rate limit',
    run: (redis) => limitOf(redis, 'strict').consume('user'),
    away: { allowed: true, remaining: 1, retryAfterMs: 0, limit: 2 },
    waits: 1,
  },
  {
    name: 'open rate limit',
    run: (redis) => limitOf(redis, 'open').consume('user'),
    away: { allowed: true, remaining: 20, retryAfterMs: 0, limit: 20 },
    waits: 1,
  },
  { name: 'limit reset', run: (redis) => limitOf(redis, 'open').reset('user'), away: undefined, waits: 1 },
  {
    name: 'session create',
    run: (redis) => sessionsOf(redis).create('user', ''),
    away: 'REDIS_UNAVAILABLE',
    waits: 1,
  },
  { name: 'session read', run: (redis) => sessionsOf(redis).read('id'), away: 'REDIS_UNAVAILABLE', waits: 1 },
  {
    name: 'session touch',
    run: (redis) => sessionsOf(redis).touch('id'),
    away: 'REDIS_UNAVAILABLE',
    waits: 1,
  },
  {
    name: 'session destroy',
    run: (redis) => sessionsOf(redis).destroy('id'),
    away: 'REDIS_UNAVAILABLE',
    waits: 1,
  },
  {
    name: 'session destroyByHandle',
    run: (redis) => sessionsOf(redis).destroyByHandle('user', 'handle'),
    away: 'REDIS_UNAVAILABLE',
    waits: 1,
  },
  {
    name: 'session list',
    run: (redis) => sessionsOf(redis).list('user'),
    away: 'REDIS_UNAVAILABLE',
    waits: 1,
  },
  {
    name: 'session destroyAll',
    run: (redis) => sessionsOf(redis).destroyAll('user'),
    away: 'REDIS_UNAVAILABLE',
    waits: 1,
  },
  {
    name: 'heartbeat',
    run: (redis) => roomsOf(redis).heartbeat('room', member),
    away: 'unavailable',
    waits: 1,
  },
  { name: 'leave', run: (redis) => roomsOf(redis).leave('room', 'window'), away: false, waits: 1 },
  { name: 'list of a room', run: (redis) => roomsOf(redis).list('room'), away: null, waits: 1 },
];

/** What an operation comes to, or that it hangs longer than it may. */
async function boundedOutcome(operation: Operation, redis: RedisOwner): Promise<unknown> {
  const limit = new AbortController();
  try {
    return await Promise.race([
      outcomeOf(operation.run(redis)),
      delay(operation.waits * OPERATION_TIMEOUT_MS + SLACK_MS, 'it hangs', { signal: limit.signal }),
    ]);
  } finally {
    limit.abort();
  }
}

describe('without Redis', () => {
  const owners = testOwners();
  let server: TestRedisServer;

  const open = (): Promise<RedisOwner> =>
    owners.open({ url: server.url, operationTimeoutMs: OPERATION_TIMEOUT_MS });

  async function openConnected(): Promise<RedisOwner> {
    const redis = await open();
    await until(async () => (await roomsOf(redis).list('room')) !== null);
    return redis;
  }

  beforeAll(async () => {
    server = await startTestRedisServer();
  });

  beforeEach(async () => {
    server.resume();
    await server.start();
  });

  afterAll(async () => {
    server.resume();
    await owners.close();
    await server.close();
  });

  it.each(OPERATIONS)('$name: works on a Redis that is there', async (operation) => {
    await expect(boundedOutcome(operation, await open())).resolves.not.toBe('it hangs');
  });

  it.each(OPERATIONS)('$name: ends as promised when Redis stands still', async (operation) => {
    const redis = await openConnected();
    server.pause();

    await expect(boundedOutcome(operation, redis)).resolves.toEqual(operation.away);
  });

  it.each(OPERATIONS)('$name: ends as promised when Redis dies in the middle', async (operation) => {
    const redis = await openConnected();
    server.pause();
    const outcome = boundedOutcome(operation, redis);
    // Its command is in the socket by now, and the server dies before it has read it.
    await server.kill();

    await expect(outcome).resolves.toEqual(operation.away);
  });

  it.each(OPERATIONS)(
    '$name: ends as promised while Redis is gone, and works when it is back',
    async (operation) => {
      const redis = await openConnected();
      await server.kill();
      await expect(boundedOutcome(operation, redis)).resolves.toEqual(operation.away);

      await server.start();
      await until(async () => (await roomsOf(redis).list('room')) !== null);
      // A busy machine may let one more attempt time out.
      await until(async () => {
        const back = await boundedOutcome(operation, redis);
        return back !== 'it hangs' && back !== 'REDIS_UNAVAILABLE' && back !== 'unavailable';
      });
    },
  );

  it.each(OPERATIONS)('$name: ends as promised when Redis was never there', async (operation) => {
    await server.kill();

    await expect(boundedOutcome(operation, await open())).resolves.toEqual(operation.away);
  });

  it('answers health, ping and progress in bounded time when Redis stands still', async () => {
    const redis = await openConnected();
    const channel = progressChannel(redis);
    server.pause();

    const answers = Promise.all([
      redis.health(),
      outcomeOf(redis.ping()),
      outcomeOf(redis.evictionPolicy()),
      channel.latest('scan'),
    ]);

    const hung = delay(2_000 + SLACK_MS, 'it hangs', { ref: false });
    await expect(Promise.race([answers, hung])).resolves.toEqual([
      { ok: false, detail: expect.stringContaining('did not answer') },
      'REDIS_UNAVAILABLE',
      'Command timed out',
      null,
    ]);
  });

  it('sends nothing again after an outage that it has sent before', async () => {
    const redis = await openConnected();
    const limiter = rateLimiter(redis, { name: 'once', limit: 5, whenAway: 'open' });
    server.pause();
    await limiter.consume('user');
    await server.kill();
    await server.start();
    await until(async () => (await roomsOf(redis).list('room')) !== null);

    await expect(limiter.consume('user')).resolves.toMatchObject({ allowed: true, remaining: 4 });
  });

  it('is strict alone, and shares its count again when Redis is back', async () => {
    const redis = await openConnected();
    const limiter = limitOf(redis, 'strict');
    await server.kill();
    const allowed: boolean[] = [];
    for (let hit = 0; hit < 4; hit += 1) allowed.push((await limiter.consume('strict user')).allowed);
    await server.start();
    await until(async () => (await roomsOf(redis).list('room')) !== null);

    expect(allowed).toEqual([true, true, false, false]);
    await expect(limiter.consume('strict user')).resolves.toMatchObject({ allowed: true, limit: 20 });
  });

  it('heals by itself when a Redis that stood still goes on', async () => {
    const redis = await openConnected();
    server.pause();
    await expect(roomsOf(redis).list('room')).resolves.toBeNull();
    server.resume();

    await until(async () => (await roomsOf(redis).heartbeat('room', member)) !== 'unavailable');
  });

  it('does not let every operation wait for a Redis that stays silent', async () => {
    const redis = await openConnected();
    server.pause();
    await until(async () => {
      await roomsOf(redis).list('room');
      return redis.connection('atMostOnce').status !== 'ready';
    });

    // Were each of these to wait, they would take a minute.
    const lists = Array.from({ length: 200 }, () => () => roomsOf(redis).list('room'));
    const all = lists.reduce<Promise<unknown>>((before, list) => before.then(list), Promise.resolve());
    await expect(Promise.race([all, delay(SLACK_MS, 'it hangs', { ref: false })])).resolves.toBeNull();
  });
});
