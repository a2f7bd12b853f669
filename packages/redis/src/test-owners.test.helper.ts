import { setTimeout as delay } from 'node:timers/promises';
import { silentLogger, type Logger } from '@cookie-scanner/observability';
import { openRedis, type RedisOwner } from './open-redis.ts';
import { testRedis, type TestRedis } from './testing.ts';

/** Owners of connections that stand for the processes of an installation. */
export interface TestOwners {
  readonly test: TestRedis;
  /** Opens one more, as another process would, and waits until it is connected. */
  open(options?: Partial<Parameters<typeof openRedis>[0]>): Promise<RedisOwner>;
  /** Closes all and deletes their keys. */
  close(): Promise<void>;
}

/** Opens owners in a corner of the test server of their own. */
export function testOwners(): TestOwners {
  const test = testRedis();
  const owners: RedisOwner[] = [];
  return {
    test,
    async open(options = {}) {
      const redis = openRedis({ url: test.url, prefix: test.prefix, logger: silentLogger, ...options });
      owners.push(redis);
      await redis.ping(5_000).catch(() => undefined);
      return redis;
    },
    async close() {
      await Promise.all(owners.splice(0).map((redis) => redis.close()));
      await test.cleanup();
    },
  };
}

/** A logger that remembers what it was warned of. */
export function warningsOf(): { readonly logger: Logger; readonly warnings: string[] } {
  const warnings: string[] = [];
  const logger: Logger = {
    ...silentLogger,
    warn: (message) => warnings.push(message),
    child: () => silentLogger,
  };
  return { logger, warnings };
}

/** Waits until `condition` holds; the test's own timeout is the deadline. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await delay(10);
}

/** What a promise came to: its value, or the code or message of its error. */
export async function outcomeOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof Error) return 'code' in error ? error.code : error.message;
    return error;
  }
}

/** A promise and the function that fulfils it. */
export function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
