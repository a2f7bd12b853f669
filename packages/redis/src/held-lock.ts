import { AppError } from '@cookie-scanner/errors';
import { extendLock, releaseLock } from './lock-scripts.ts';
import type { RedisOwner } from './open-redis.ts';

/** What a lock does while Redis is away: `refuse` to give exclusivity it cannot prove, or `proceed` without it. */
export type LockWhenAway = 'refuse' | 'proceed';

/** A lock in somebody's hands. */
export interface HeldLock {
  /**
   * Grows with every holder, so that a store can refuse one whose lock was lost; null when the caller chose to proceed
   * without Redis.
   */
  readonly fence: number | null;
  /** Aborts with AppError LOCK_LOST when the lock is lost, and with the caller's own signal. */
  readonly signal: AbortSignal;
  /** True once somebody else has, or may have, the lock. Never while the caller proceeds without Redis. */
  isLost(): boolean;
  /** Gives the lock back, unless it is somebody else's by now. Never rejects; safe to call twice. */
  release(): Promise<void>;
}

/** A lock as `takeLock` gave it. */
export interface TakenLock {
  readonly id: string;
  /** Holder and fence. */
  readonly keys: readonly [string, string];
  readonly token: string;
  readonly fence: number;
  readonly lifetimeMs: number;
  readonly fenceLifetimeMs: number;
  /** When it was asked for, which is before it began, on the clock of `performance.now`. */
  readonly askedAtMs: number;
  readonly whenAway: LockWhenAway;
  readonly signal?: AbortSignal | undefined;
}

/** How often a renewal is tried again while Redis is away. */
const RETRY_MS = 500;

/** Renews a lock at a third of its lifetime until it is released or lost. */
export function holdLock(redis: RedisOwner, lock: TakenLock): HeldLock {
  const lost = new AbortController();
  const renewEveryMs = lock.lifetimeMs / 3;
  let renewal: NodeJS.Timeout | undefined;
  let expiry: NodeJS.Timeout | undefined;
  let released: Promise<void> | undefined;

  function lose(reason: string): void {
    stop();
    if (lost.signal.aborted) return;
    redis.logger.warn('a lock was lost', { lockId: lock.id, reason });
    lost.abort(new AppError('LOCK_LOST', `The lock ${lock.id} was lost: ${reason}.`, { lockId: lock.id }));
  }

  function stop(): void {
    clearTimeout(renewal);
    clearTimeout(expiry);
  }

  /** Redis keeps the lock for its lifetime from some moment after `askedAtMs`. */
  function confirm(askedAtMs: number): void {
    if (lock.whenAway === 'proceed') return;
    clearTimeout(expiry);
    const leftMs = askedAtMs + lock.lifetimeMs - performance.now();
    expiry = setTimeout(() => lose('Redis could not be asked before it ran out'), leftMs).unref();
  }

  function renewIn(delayMs: number): void {
    renewal = setTimeout(() => void renew(), delayMs).unref();
  }

  async function renew(): Promise<void> {
    const askedAtMs = performance.now();
    const args = [lock.token, lock.lifetimeMs, lock.fenceLifetimeMs, lock.fence];
    // A Redis that is away may be back in time; the expiry decides.
    const isHeld = await extendLock.run(redis, lock.keys, args).catch(() => null);
    if (released || lost.signal.aborted) return;
    if (isHeld === 0) {
      lose('somebody else took it');
    } else if (isHeld === 1) {
      confirm(askedAtMs);
      renewIn(renewEveryMs);
    } else {
      renewIn(Math.min(renewEveryMs, RETRY_MS));
    }
  }

  async function release(): Promise<void> {
    stop();
    const wasAlone = await releaseLock.run(redis, lock.keys, [lock.token, lock.fence]).catch(() => null);
    if (wasAlone === 0) lose('somebody else took it');
  }

  confirm(lock.askedAtMs);
  renewIn(renewEveryMs);
  return {
    fence: lock.fence,
    signal: lock.signal ? AbortSignal.any([lock.signal, lost.signal]) : lost.signal,
    isLost: () => lost.signal.aborted,
    release: () => (released ??= release()),
  };
}
