import { setImmediate } from 'node:timers/promises';
import { AppError } from '@cookie-scanner/errors';
import type { Logger } from '@cookie-scanner/observability';
import type { Redis } from 'ioredis';
import { connectRedis, type RedisPurpose } from './connect-redis.ts';
import { lifetimesWith, type KeySpaceName, type Lifetimes } from './key-spaces.ts';
import { pingRedis, readEvictionPolicy, redisHealth, type RedisHealth } from './redis-health.ts';

/**
 * Connections one process may hold: one for each purpose, and one more for each consumer, which BullMQ copies
 * from the blocking one. A process that wants more than this leaks them.
 */
const POOL_MAX = 50;
const OPERATION_TIMEOUT_MS = 1_000;
const PING_TIMEOUT_MS = 1_000;
const CLOSE_TIMEOUT_MS = 1_000;

interface OpenRedisOptions {
  /** `redis://` or `rediss://`. */
  readonly url: string;
  /** Starts every key of this installation. */
  readonly prefix: string;
  readonly logger: Logger;
  /** Connections that the process may hold; 50 unless told. */
  readonly poolMax?: number;
  /** Lifetimes that differ from the table of key spaces. */
  readonly lifetimesSeconds?: Lifetimes;
  /** How long one operation of a cache, lock, limit, session or room waits for Redis; 1,000 unless told. */
  readonly operationTimeoutMs?: number;
}

/** The one owner of all Redis connections of a process. */
export interface RedisOwner {
  readonly prefix: string;
  readonly logger: Logger;
  /** How long one operation waits for Redis before it counts as away. */
  readonly operationTimeoutMs: number;
  /**
   * The process's connection for a purpose, opened on first use and shared from then on. Copies that a library
   * makes of it with `duplicate()` are counted and closed like the others.
   *
   * @throws AppError REDIS_UNAVAILABLE after `close`
   * @throws Error when the process holds `poolMax` already, which is a leak
   */
  connection(purpose: RedisPurpose): Redis;
  /**
   * Resolves when Redis answers.
   *
   * @param timeoutMs - 1,000 unless told
   * @throws AppError REDIS_UNAVAILABLE when it does not in time
   */
  ping(timeoutMs?: number): Promise<void>;
  /** What Redis does when its memory is full, such as `noeviction`; null where the server does not say. */
  evictionPolicy(): Promise<string | null>;
  /** For readiness: does Redis answer, and may it hold queues? Never rejects. */
  health(): Promise<RedisHealth>;
  /** How many connections are open or being opened; never more than `poolMax`. */
  connections(): number;
  /** Seconds that the keys of a family live from their last write. */
  lifetimeSeconds(space: KeySpaceName): number;
  /**
   * Takes lifetimes from new settings; keys that stand keep theirs until they are written again.
   *
   * @throws Error for a lifetime that is not a whole number of seconds above zero; then nothing changes
   */
  setLifetimes(lifetimesSeconds: Lifetimes): void;
  /** Closes every connection; bounded in time even when Redis does not answer. Safe to call twice. */
  close(): Promise<void>;
}

/** Opens Redis for a process. Returns at once: a Redis that is away now is connected to when it comes. */
export function openRedis(options: OpenRedisOptions): RedisOwner {
  const { url, prefix, logger, poolMax = POOL_MAX, lifetimesSeconds = {} } = options;
  let lifetimes = lifetimesWith(lifetimesSeconds);
  const shared = new Map<RedisPurpose, Redis>();
  // One that has ended stays in the list, because BullMQ opens its copies again after an outage.
  const owned = new Set<Redis>();
  const openCount = (): number => [...owned].filter((redis) => !isEnded(redis)).length;
  let isClosed = false;

  function adopt(open: () => Redis): Redis {
    if (openCount() >= poolMax) {
      throw new Error(
        `this process holds ${openCount()} Redis connections already; one more would be a leak`,
      );
    }
    const redis = open();
    owned.add(redis);
    const duplicate = redis.duplicate.bind(redis);
    redis.duplicate = (override) => adopt(() => duplicate(override));
    return redis;
  }

  function connection(purpose: RedisPurpose): Redis {
    if (isClosed) throw new AppError('REDIS_UNAVAILABLE', 'This process has closed its Redis connections.');
    const known = shared.get(purpose);
    if (known && !isEnded(known)) return known;
    const opened = adopt(() => connectRedis({ url, purpose, logger }));
    shared.set(purpose, opened);
    return opened;
  }

  return {
    prefix,
    logger,
    operationTimeoutMs: options.operationTimeoutMs ?? OPERATION_TIMEOUT_MS,
    connection,
    ping: async (timeoutMs = PING_TIMEOUT_MS) => pingRedis(connection('failFast'), timeoutMs),
    evictionPolicy: async () => readEvictionPolicy(connection('failFast')),
    health: () => redisHealth(() => connection('failFast'), PING_TIMEOUT_MS),
    connections: openCount,
    lifetimeSeconds: (space) => lifetimes[space],
    setLifetimes: (settings) => {
      lifetimes = lifetimesWith(settings);
    },
    close: async () => {
      isClosed = true;
      await Promise.all([...owned].map(closeConnection));
    },
  };
}

/** Lets what was sent be answered, then closes; a Redis that does not answer is not waited for. */
async function closeConnection(redis: Redis): Promise<void> {
  if (isEnded(redis)) return;
  let timer: NodeJS.Timeout | undefined;
  const ended = new Promise<void>((resolve) => {
    redis.once('end', resolve);
    timer = setTimeout(resolve, CLOSE_TIMEOUT_MS);
  });

  if (redis.status === 'ready') {
    // A failing QUIT means that the connection is gone, which is what is wanted.
    redis.quit().catch(() => undefined);
  } else {
    if (redis.status === 'reconnecting') {
      // Between two tries ioredis would only stop trying: commands that wait would wait for ever, and so would
      // whoever waits for `end`, as BullMQ does. A try that is broken off once it has a socket ends them all.
      redis.connect().catch(() => undefined);
      await setImmediate();
    }
    redis.disconnect();
  }

  await ended;
  clearTimeout(timer);
  if (!isEnded(redis)) redis.disconnect();
}

function isEnded(redis: Redis): boolean {
  return redis.status === 'end';
}
