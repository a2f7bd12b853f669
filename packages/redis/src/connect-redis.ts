import type { Logger } from '@cookie-scanner/observability';
import { Redis, type RedisOptions } from 'ioredis';
import { logConnectionState } from './connection-log.ts';

/**
 * What a connection is for. `blocking` waits: its commands outlive an outage, as queue consumers need it.
 * `failFast` refuses: while Redis is away its commands fail at once, as requests and publishers need it.
 * `atMostOnce` refuses too, and never sends a command again that an outage interrupted, as locks and limits need it.
 * `subscriber` only listens to channels; it waits like `blocking`.
 */
export type RedisPurpose = 'blocking' | 'failFast' | 'atMostOnce' | 'subscriber';

const CONNECT_TIMEOUT_MS = 5_000;
const COMMAND_TIMEOUT_MS = 2_000;
/**
 * A server that leaves a command unanswered for so long is hung up on. Else a stopped server or a network that swallows
 * packets would cost every command its whole timeout, until TCP gives up after minutes.
 */
const SILENCE_MAX_MS = 2_500;
const RECONNECT_MIN_MS = 50;
const RECONNECT_MAX_MS = 2_000;
const LISTENERS_MAX = 200;

const WAITING = { maxRetriesPerRequest: null, enableOfflineQueue: true };

const REFUSING = {
  enableOfflineQueue: false,
  commandTimeout: COMMAND_TIMEOUT_MS,
  socketTimeout: SILENCE_MAX_MS,
};

const PURPOSES = {
  blocking: WAITING,
  subscriber: WAITING,
  failFast: { ...REFUSING, maxRetriesPerRequest: 1 },
  atMostOnce: { ...REFUSING, maxRetriesPerRequest: 0 },
} satisfies Record<RedisPurpose, RedisOptions>;

interface ConnectOptions {
  /** `redis://` or `rediss://`. */
  readonly url: string;
  readonly purpose: RedisPurpose;
  readonly logger: Logger;
}

/**
 * Opens one connection, which reconnects for as long as it lives and logs when it is lost and when it is back.
 *
 * Returns before the connection stands. Whoever opens it closes it; services use `openRedis`, which does that.
 */
export function connectRedis({ url, purpose, logger }: ConnectOptions): Redis {
  const redis = new Redis(url, {
    ...PURPOSES[purpose],
    connectTimeout: CONNECT_TIMEOUT_MS,
    retryStrategy: reconnectDelayMs,
  });
  // Every user of the shared connection listens for its errors and waits for it; Node's warning at 10 is for leaks.
  redis.setMaxListeners(LISTENERS_MAX);
  logConnectionState(redis, logger.child({ redisConnection: purpose }));
  return redis;
}

/** Doubles from try to try, with up to a fifth of chance so that many processes do not come back in one moment. */
function reconnectDelayMs(tries: number): number {
  const delayMs = Math.min(RECONNECT_MIN_MS * 2 ** Math.min(tries, 10), RECONNECT_MAX_MS);
  return Math.round(delayMs * (1 + Math.random() / 5));
}
