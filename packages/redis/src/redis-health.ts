import { AppError } from '@cookie-scanner/errors';
import type { Redis } from 'ioredis';
import { waitUntilReady } from './wait-until-ready.ts';

const REQUIRED_POLICY = 'noeviction';

/** One line of a health report. */
export interface RedisHealth {
  readonly ok: boolean;
  /** What is wrong and what to do; absent when all is well. */
  readonly detail?: string;
}

/**
 * Answers when Redis does.
 *
 * @param redis - a connection that fails fast
 * @throws AppError REDIS_UNAVAILABLE when it does not within `timeoutMs`
 */
export async function pingRedis(redis: Redis, timeoutMs: number): Promise<void> {
  const startedAtMs = Date.now();
  if (await waitUntilReady(redis, timeoutMs)) {
    const leftMs = Math.max(1, timeoutMs - (Date.now() - startedAtMs));
    if (await answersWithin(redis, leftMs)) return;
  }
  throw new AppError(
    'REDIS_UNAVAILABLE',
    `Redis did not answer within ${timeoutMs} ms; check REDIS_URL and the server.`,
  );
}

/**
 * Reads what Redis does when its memory is full.
 *
 * @returns such as `noeviction`; null where the server does not say
 */
export async function readEvictionPolicy(redis: Redis): Promise<string | null> {
  const info = await redis.info('memory');
  return /^maxmemory_policy:(\S+)/m.exec(info)?.[1] ?? null;
}

/**
 * Says whether Redis answers and may hold queues: a server that evicts keys when its memory is full loses jobs
 * without an error, so anything but `noeviction` is reported as unhealthy.
 *
 * @see https://docs.bullmq.io/guide/going-to-production#max-memory-policy
 */
export async function redisHealth(connection: () => Redis, timeoutMs: number): Promise<RedisHealth> {
  try {
    const redis = connection();
    await pingRedis(redis, timeoutMs);
    const policy = await readEvictionPolicy(redis);
    if (policy === null || policy === REQUIRED_POLICY) return { ok: true };
    return {
      ok: false,
      detail: `Redis has maxmemory-policy ${policy}, which loses jobs; set maxmemory-policy ${REQUIRED_POLICY}.`,
    };
  } catch (error) {
    return { ok: false, detail: error instanceof Error ? error.message : String(error) };
  }
}

async function answersWithin(redis: Redis, timeoutMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const timeIsUp = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), timeoutMs);
  });
  const answered = redis.ping().then(
    () => true,
    () => false,
  );
  try {
    return await Promise.race([answered, timeIsUp]);
  } finally {
    clearTimeout(timer);
  }
}
