import { once } from 'node:events';
import type { Redis } from 'ioredis';

/**
 * Waits for a connection to stand.
 *
 * @param timeoutMs - how long to wait at most
 * @returns false when the time ran out, or sooner when a try to connect failed
 */
export async function waitUntilReady(redis: Redis, timeoutMs: number): Promise<boolean> {
  if (redis.status === 'ready') return true;
  if (redis.status === 'end') return false;
  try {
    await once(redis, 'ready', { signal: AbortSignal.timeout(timeoutMs) });
    return true;
  } catch {
    // Either the time is up or ioredis emitted `error`; the log of the connection tells which.
    return false;
  }
}
