import { afterEach, describe, expect, it } from '@jest/globals';
import { acquireLock } from './acquire-lock.ts';
import { keyName } from './key-spaces.ts';
import { gate, outcomeOf, testOwners, until } from './test-owners.test.helper.ts';
import { withLock } from './with-lock.ts';

const refuse = { whenAway: 'refuse' } as const;

describe('acquireLock', () => {
  const owners = testOwners();
  afterEach(() => owners.close());

  const holderKey = (id = 'id'): string => keyName(owners.test.prefix, 'lock', id);

  it('gives a lock to one of many and tells the others that it is taken', async () => {
    const [one, other] = [await owners.open(), await owners.open()];
    const attempts = Array.from({ length: 50 }, (_, index) =>
      acquireLock(index % 2 === 0 ? one : other, 'id', refuse),
    );

    const outcomes = await Promise.all(attempts.map((attempt) => outcomeOf(attempt)));

    expect(outcomes.filter((outcome) => outcome === 'LOCK_TAKEN')).toHaveLength(49);
  });

  it('lets the next one in who waits for it', async () => {
    const [one, other] = [await owners.open(), await owners.open()];
    const first = await acquireLock(one, 'id', refuse);
    const second = acquireLock(other, 'id', { ...refuse, waitMs: 30_000 });

    await first.release();

    await expect(second).resolves.toMatchObject({ fence: expect.any(Number) });
    await (await second).release();
  });

  it('gives up waiting when the time is up', async () => {
    const redis = await owners.open();
    const lock = await acquireLock(redis, 'id', refuse);

    await expect(acquireLock(redis, 'id', { ...refuse, waitMs: 100 })).rejects.toMatchObject({
      code: 'LOCK_TAKEN',
    });
    await lock.release();
  });

  it('gives up waiting when the caller does, with the reason of the caller', async () => {
    const redis = await owners.open();
    const lock = await acquireLock(redis, 'id', refuse);
    const controller = new AbortController();
    const waiting = acquireLock(redis, 'id', { ...refuse, waitMs: 30_000, signal: controller.signal });
    const reason = new Error('not interested any more');

    controller.abort(reason);

    await expect(waiting).rejects.toBe(reason);
    await expect(acquireLock(redis, 'other', { ...refuse, signal: controller.signal })).rejects.toBe(reason);
    await lock.release();
  });

  it('does not keep a lock that was given after the caller had given up', async () => {
    const redis = await owners.open();
    const controller = new AbortController();

    const asking = acquireLock(redis, 'id', { ...refuse, signal: controller.signal });
    controller.abort(new Error('too late'));

    await expect(asking).rejects.toThrow('too late');
    const next = await acquireLock(redis, 'id', { ...refuse, waitMs: 1_000 });
    await next.release();
  });

  it('numbers its holders ever higher, also after Redis has forgotten everything', async () => {
    const redis = await owners.open();
    const fences: (number | null)[] = [];
    for (let turn = 0; turn < 5; turn += 1) {
      const lock = await acquireLock(redis, 'id', refuse);
      fences.push(lock.fence);
      await lock.release();
      if (turn === 2) await owners.test.cleanup();
    }

    expect(fences).toEqual([...new Set(fences)].sort((a, b) => Number(a) - Number(b)));
    expect(fences).toHaveLength(5);
    expect(fences.every(Number.isSafeInteger)).toBe(true);
  });

  it('keeps locks of different names apart', async () => {
    const redis = await owners.open();
    const locks = await Promise.all(
      ['a', 'b', 'a:fence', 'nul\0', 'x'.repeat(4_096)].map((id) => acquireLock(redis, id, refuse)),
    );

    expect(locks).toHaveLength(5);
    await Promise.all(locks.map((lock) => lock.release()));
  });

  it.each(['', 'half \ud800'])('refuses the name %j, whatever is to happen without Redis', async (id) => {
    const redis = await owners.open();

    await expect(acquireLock(redis, id, { whenAway: 'proceed' })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    });
  });

  it('leaves the lock of somebody else alone when it is released late', async () => {
    const redis = await owners.open();
    const lock = await acquireLock(redis, 'id', refuse);
    await redis.connection('failFast').set(holderKey(), 'somebody else');

    await lock.release();

    await expect(redis.connection('failFast').get(holderKey())).resolves.toBe('somebody else');
    expect(lock.isLost()).toBe(true);
  });

  it('renews a lock for as long as it is held', async () => {
    const [one, other] = [await owners.open(), await owners.open()];
    const lock = await acquireLock(one, 'id', { ...refuse, lifetimeMs: 1_500 });
    // Waits for longer than the lifetime; nobody else gets it meanwhile.
    await expect(acquireLock(other, 'id', { ...refuse, waitMs: 2_500 })).rejects.toMatchObject({
      code: 'LOCK_TAKEN',
    });

    expect(lock.isLost()).toBe(false);
    await lock.release();
  });

  it('keeps a lock for its lifetime when nobody renews it, and no longer', async () => {
    const redis = await owners.open();
    const lock = await acquireLock(redis, 'id', refuse);
    const leftMs = await redis.connection('failFast').pttl(holderKey());

    expect(leftMs).toBeGreaterThan(50_000);
    expect(leftMs).toBeLessThanOrEqual(60_000);
    await lock.release();
  });

  it('tells the holder that somebody else took the lock', async () => {
    const redis = await owners.open();
    const lock = await acquireLock(redis, 'id', { ...refuse, lifetimeMs: 300 });
    await redis.connection('failFast').set(holderKey(), 'somebody else');

    await until(() => lock.signal.aborted);

    expect(lock.signal.reason).toMatchObject({ code: 'LOCK_LOST' });
    expect(lock.isLost()).toBe(true);
    await lock.release();
  });

  it('tells the holder that somebody else had the lock meanwhile and gave it back', async () => {
    const redis = await owners.open();
    const lock = await acquireLock(redis, 'id', { ...refuse, lifetimeMs: 3_000 });
    await redis.connection('failFast').del(holderKey());
    const other = await acquireLock(redis, 'id', refuse);
    await other.release();

    await until(() => lock.isLost());
    await lock.release();
  });

  it('outlives a Redis that forgot everything, if nobody else was faster', async () => {
    const redis = await owners.open();
    const lock = await acquireLock(redis, 'id', { ...refuse, lifetimeMs: 3_000 });
    await owners.test.cleanup();

    await until(async () => (await redis.connection('failFast').exists(holderKey())) === 1);

    expect(lock.isLost()).toBe(false);
    await expect(acquireLock(redis, 'id', refuse)).rejects.toMatchObject({ code: 'LOCK_TAKEN' });
    await lock.release();
  });
});

describe('withLock', () => {
  const owners = testOwners();
  afterEach(() => owners.close());

  it('never runs two actions at once under one name, over processes', async () => {
    const processes = [await owners.open(), await owners.open(), await owners.open()];
    let running = 0;
    let mostRunning = 0;
    const action = async (): Promise<void> => {
      running += 1;
      mostRunning = Math.max(mostRunning, running);
      await new Promise(setImmediate);
      running -= 1;
    };

    await Promise.all(
      processes.flatMap((redis) =>
        Array.from({ length: 5 }, () => withLock(redis, 'id', { ...refuse, waitMs: 50_000 }, action)),
      ),
    );

    expect(mostRunning).toBe(1);
  });

  it('returns what the action returns and gives the lock back', async () => {
    const redis = await owners.open();

    await expect(withLock(redis, 'id', refuse, async () => 'done')).resolves.toBe('done');
    await expect(withLock(redis, 'id', refuse, async () => 'again')).resolves.toBe('again');
  });

  it('gives the lock back when the action fails', async () => {
    const redis = await owners.open();
    const failing = async (): Promise<void> => {
      throw new Error('broken');
    };

    await expect(withLock(redis, 'id', refuse, failing)).rejects.toThrow('broken');
    await expect(withLock(redis, 'id', refuse, async () => 'again')).resolves.toBe('again');
  });

  it('fails when the lock was lost before the action had ended', async () => {
    const redis = await owners.open();
    const { opened, open } = gate();
    const working = withLock(redis, 'id', refuse, () => opened);
    const holder = keyName(owners.test.prefix, 'lock', 'id');
    await until(async () => (await redis.connection('failFast').exists(holder)) === 1);
    await redis.connection('failFast').set(holder, 'somebody else');
    open();

    await expect(working).rejects.toMatchObject({ code: 'LOCK_LOST' });
  });
});
