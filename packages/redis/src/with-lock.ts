import { AppError } from '@cookie-scanner/errors';
import { acquireLock, type LockOptions } from './acquire-lock.ts';
import type { HeldLock } from './held-lock.ts';
import type { RedisOwner } from './open-redis.ts';

/**
 * Does something while nobody else in the installation does it under the same name, and gives the lock back.
 *
 * @returns what `action` returns
 * @throws AppError LOCK_LOST when the lock was lost before `action` had ended: what it did may have been done at the same
 *   time by somebody else. An action that watches `lock.signal` ends early
 * @throws whatever `acquireLock` and `action` throw
 */
export async function withLock<T>(
  redis: RedisOwner,
  id: string,
  options: LockOptions,
  action: (lock: HeldLock) => Promise<T>,
): Promise<T> {
  const lock = await acquireLock(redis, id, options);
  let result: T;
  try {
    result = await action(lock);
  } finally {
    await lock.release();
  }
  if (lock.isLost()) {
    throw new AppError('LOCK_LOST', `The lock ${id} was lost before the work under it ended.`, {
      lockId: id,
    });
  }
  return result;
}
