import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { acquireLock } from './acquire-lock.ts';
import { keyName } from './key-spaces.ts';
import type { RedisOwner } from './open-redis.ts';
import { gate, outcomeOf, testOwners, until } from './test-owners.test.helper.ts';
import { startTestRedisServer, type TestRedisServer } from './testing.ts';
import { withLock } from './with-lock.ts';

const refuse = { whenAway: 'refuse' } as const;

describe('a lock in an outage of Redis', () => {
  const owners = testOwners();
  let server: TestRedisServer;
  let redis: RedisOwner;

  const open = (): Promise<RedisOwner> => owners.open({ url: server.url });
  const isBack = (): Promise<void> =>
    until(
      async () =>
        (await outcomeOf(redis.ping())) === undefined && redis.connection('atMostOnce').status === 'ready',
    );

  beforeEach(async () => {
    server = await startTestRedisServer();
    redis = await open();
  });

  afterEach(async () => {
    server.resume();
    await owners.close();
    await server.close();
  });

  it('is lost when it runs out before Redis is back, for a holder who wants exclusivity', async () => {
    const lock = await acquireLock(redis, 'id', { ...refuse, lifetimeMs: 600 });
    await server.kill();

    await until(() => lock.isLost());

    expect(lock.signal.reason).toMatchObject({ code: 'LOCK_LOST' });
    await lock.release();
  });

  it('is lost too when Redis stands still', async () => {
    const lock = await acquireLock(redis, 'id', { ...refuse, lifetimeMs: 600 });
    server.pause();

    await once(lock.signal, 'abort');

    expect(lock.isLost()).toBe(true);
    await lock.release();
  });

  it('is not lost for a holder who would rather go on', async () => {
    const [patient, strict] = await Promise.all([
      acquireLock(redis, 'patient', { whenAway: 'proceed', lifetimeMs: 300 }),
      acquireLock(redis, 'strict', { ...refuse, lifetimeMs: 600 }),
    ]);
    await server.kill();
    await until(() => strict.isLost());

    expect(patient.isLost()).toBe(false);
    await Promise.all([patient.release(), strict.release()]);
  });

  it('is kept when Redis restarts in time', async () => {
    const lock = await acquireLock(redis, 'id', { ...refuse, lifetimeMs: 5_000 });
    const holder = keyName(redis.prefix, 'lock', 'id');
    await server.kill();
    await server.start();
    await isBack();
    await redis.connection('failFast').del(holder);

    // The next renewal restores what Redis has forgotten.
    await until(async () => (await redis.connection('failFast').exists(holder)) === 1);

    expect(lock.isLost()).toBe(false);
    await lock.release();
    await expect(acquireLock(redis, 'id', refuse)).resolves.toBeDefined();
  });

  it('does not stay taken when it was given to a caller who did not hear of it', async () => {
    server.pause();
    await expect(acquireLock(redis, 'id', refuse)).rejects.toMatchObject({ code: 'REDIS_UNAVAILABLE' });
    server.resume();
    await isBack();

    // Far less than the minute that the lock would live.
    const lock = await acquireLock(await open(), 'id', { ...refuse, waitMs: 5_000 });
    await lock.release();
  });

  it('is refused to whoever waits for it when Redis goes away meanwhile', async () => {
    const lock = await acquireLock(redis, 'id', refuse);
    const waiting = outcomeOf(acquireLock(redis, 'id', { ...refuse, waitMs: 60_000 }));
    await server.kill();

    await expect(waiting).resolves.toBe('REDIS_UNAVAILABLE');
    await lock.release();
  });

  it('fails the work under it when it was lost meanwhile, and tells the work', async () => {
    let reason: unknown;
    const working = withLock(redis, 'id', { ...refuse, lifetimeMs: 600 }, async (lock) => {
      await server.kill();
      await once(lock.signal, 'abort');
      reason = lock.signal.reason;
    });

    await expect(working).rejects.toMatchObject({ code: 'LOCK_LOST' });
    expect(reason).toMatchObject({ code: 'LOCK_LOST' });
  });

  it('does not fail work that ended before the lock ran out', async () => {
    const { opened, open: end } = gate();
    const working = withLock(redis, 'id', refuse, async () => {
      await opened;
      return 'done';
    });
    await until(async () => {
      const holder = keyName(redis.prefix, 'lock', 'id');
      return (await redis.connection('failFast').exists(holder)) === 1;
    });
    await server.kill();
    end();

    await expect(working).resolves.toBe('done');
  });
});
