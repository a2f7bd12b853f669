import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';

export { startTestRedisServer, type TestRedisServer } from './test-redis-server.ts';

/** A corner of the test server that no other test uses. */
export interface TestRedis {
  readonly url: string;
  readonly prefix: string;
  /** Deletes every key of this corner. */
  cleanup(): Promise<void>;
}

/**
 * Gives a test its own prefix on the Redis of `TEST_REDIS_URL`.
 *
 * @throws Error when `TEST_REDIS_URL` is not set
 */
export function testRedis(): TestRedis {
  const url = process.env['TEST_REDIS_URL'];
  if (!url) throw new Error('TEST_REDIS_URL is not set; run the tests with npm test, which starts Redis');
  const prefix = `test-${randomUUID()}`;
  return { url, prefix, cleanup: () => deleteKeys(url, prefix) };
}

async function deleteKeys(url: string, prefix: string): Promise<void> {
  const redis = new Redis(url);
  try {
    for await (const batch of redis.scanStream({ match: `${prefix}:*`, count: 500 })) {
      const keys: unknown = batch;
      if (Array.isArray(keys) && keys.length > 0) await redis.unlink(...keys.map(String));
    }
  } finally {
    redis.disconnect();
  }
}
