import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '@cookie-scanner/errors';
import { holdLock, type HeldLock, type LockWhenAway, type TakenLock } from './held-lock.ts';
import { keyName } from './key-spaces.ts';
import { releaseLock, takeLock } from './lock-scripts.ts';
import type { RedisOwner } from './open-redis.ts';
import { isRedisUnavailable } from './run-operation.ts';

/** How a lock is asked for. */
export interface LockOptions {
  /**
   * `refuse`: throw, and lose the lock when it cannot be renewed in time. `proceed`: go on without exclusivity, where
   * doing something twice is better than not at all.
   */
  readonly whenAway: LockWhenAway;
  /** Longest wait for a lock that somebody else holds; 0 unless told, which is one try. */
  readonly waitMs?: number;
  /** How long others wait for the lock of a process that has died; the lifetime of `lock` unless told. */
  readonly lifetimeMs?: number;
  /** Ends the wait, and reaches the holder as part of `lock.signal`. */
  readonly signal?: AbortSignal;
}

const DAY_MS = 86_400_000;
const POLL_MIN_MS = 20;
const POLL_MAX_MS = 250;

/**
 * Takes the lock of this name in the whole installation and renews it until it is released or lost. Not reentrant, and
 * not fair: who waits longest is not served first.
 *
 * The promise of exclusivity ends when the process stands still for longer than the lifetime; who writes to a store
 * therefore sends `fence` along and the store refuses a lower one.
 *
 * @throws AppError LOCK_TAKEN when it is not free within `waitMs`
 * @throws AppError REDIS_UNAVAILABLE while Redis is away and the caller chose `refuse`
 * @throws the reason of `signal` when it aborts the wait
 */
export async function acquireLock(redis: RedisOwner, id: string, options: LockOptions): Promise<HeldLock> {
  const { waitMs = 0, signal, whenAway } = options;
  const deadlineMs = performance.now() + waitMs;
  for (let pollMs = POLL_MIN_MS; ; pollMs = Math.min(pollMs * 2, POLL_MAX_MS)) {
    signal?.throwIfAborted();
    let taken: TakenLock | null;
    try {
      taken = await tryOnce(redis, id, options);
    } catch (error) {
      if (whenAway === 'refuse' || !isRedisUnavailable(error)) throw error;
      redis.logger.warn('going on without a lock: Redis is away or refuses', { lockId: id, error });
      return withoutLock(signal);
    }
    if (taken) return keepUnlessAborted(redis, taken);
    const leftMs = deadlineMs - performance.now();
    if (leftMs <= 0) {
      throw new AppError('LOCK_TAKEN', `Somebody else holds the lock ${id}.`, { lockId: id, waitMs });
    }
    await wait(Math.min(leftMs, pollMs * (0.5 + Math.random() / 2)), signal);
  }
}

async function tryOnce(redis: RedisOwner, id: string, options: LockOptions): Promise<TakenLock | null> {
  const lifetimeMs = options.lifetimeMs ?? redis.lifetimeSeconds('lock') * 1_000;
  const fenceLifetimeMs = Math.max(DAY_MS, 2 * lifetimeMs);
  const keys = [keyName(redis.prefix, 'lock', id), keyName(redis.prefix, 'lock', id, 'fence')] as const;
  const token = randomUUID();
  const askedAtMs = performance.now();
  try {
    const fence = await takeLock.run(redis, keys, [token, lifetimeMs, fenceLifetimeMs]);
    if (fence === null) return null;
    const { whenAway, signal } = options;
    return { id, keys, token, fence, lifetimeMs, fenceLifetimeMs, askedAtMs, whenAway, signal };
  } catch (error) {
    // It may have been given without our hearing of it; nobody shall wait for that one to run out.
    releaseLock.run(redis, keys, [token, 0]).catch(() => undefined);
    throw error;
  }
}

/** A caller that has given up meanwhile would not release what it does not know of. */
async function keepUnlessAborted(redis: RedisOwner, taken: TakenLock): Promise<HeldLock> {
  const lock = holdLock(redis, taken);
  if (!taken.signal?.aborted) return lock;
  await lock.release();
  throw taken.signal.reason;
}

async function wait(durationMs: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await delay(durationMs, undefined, signal ? { signal } : {});
  } catch {
    // `delay` wraps the reason of the signal; the caller gets it as it is.
    signal?.throwIfAborted();
  }
}

function withoutLock(signal = new AbortController().signal): HeldLock {
  return { fence: null, signal, isLost: () => false, release: async () => undefined };
}
