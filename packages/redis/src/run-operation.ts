import { AppError, isAppError } from '@cookie-scanner/errors';
import type { Redis } from 'ioredis';
import type { RedisOwner } from './open-redis.ts';
import { waitUntilReady } from './wait-until-ready.ts';

/** The first attempt of each connection to stand, which is waited for; later outages are not. */
const firstAttempts = new WeakMap<Redis, Promise<unknown>>();

/**
 * Runs one short operation and settles within `redis.operationTimeoutMs`, also when the server accepts connections
 * and then says nothing. Nothing is sent twice: an operation that fails may or may not have happened.
 *
 * While Redis is known to be away it fails at once; only the very first connection of a process is waited for.
 *
 * @throws AppError REDIS_UNAVAILABLE when Redis is away, too slow, closed by this process or refuses the operation
 *   (out of memory, read-only, still loading)
 */
export async function runOperation<T>(
  redis: RedisOwner,
  operation: (connection: Redis) => Promise<T>,
): Promise<T> {
  const timeoutMs = redis.operationTimeoutMs;
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  const timeIsUp = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      isOver = true;
      reject(new AppError('REDIS_UNAVAILABLE', `Redis did not answer within ${timeoutMs} ms.`));
    }, timeoutMs);
  });
  try {
    const answer = whenTried(redis).then((connection) => {
      if (isOver) throw new Error('too late to begin');
      return operation(connection);
    });
    return await Promise.race([answer, timeIsUp]);
  } catch (error) {
    if (isAppError(error)) throw error;
    throw new AppError('REDIS_UNAVAILABLE', 'Redis is away or refuses.', {}, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

/** The connection, once its first attempt to stand has come to an end. */
async function whenTried(redis: RedisOwner): Promise<Redis> {
  const connection = redis.connection('atMostOnce');
  if (connection.status !== 'ready') {
    const firstAttempt =
      firstAttempts.get(connection) ?? waitUntilReady(connection, redis.operationTimeoutMs);
    firstAttempts.set(connection, firstAttempt);
    await firstAttempt;
  }
  return connection;
}

/** True for the one error with which `runOperation` fails. */
export function isRedisUnavailable(error: unknown): boolean {
  return isAppError(error) && error.code === 'REDIS_UNAVAILABLE';
}
