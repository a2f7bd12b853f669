import { Redis } from 'ioredis';
import type { ChaosPlatform } from '../platform/platform.ts';

/** Sends one command to Redis itself, beside the proxy. */
export async function commandRedis({ redis }: ChaosPlatform, name: string, ...args: string[]): Promise<void> {
  const client = new Redis(redis.url, { maxRetriesPerRequest: 1 });
  client.on('error', () => undefined);
  try {
    await client.call(name, ...args);
  } finally {
    client.disconnect();
  }
}
