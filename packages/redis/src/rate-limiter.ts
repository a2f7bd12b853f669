import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { atMostEvery } from './at-most-every.ts';
import { keyName } from './key-spaces.ts';
import { LUA_NOW_US, luaScript } from './lua-script.ts';
import { memoryWindow } from './memory-window.ts';
import type { RedisOwner } from './open-redis.ts';
import type { RateLimitResult } from './rate-limit-result.ts';
import { isRedisUnavailable } from './run-operation.ts';

const LIMIT_MAX = 10_000;
const LOG_INTERVAL_MS = 60_000;
/** How much less each process allows alone: several of them together shall not allow more than all did. */
const STRICT_DIVISOR = 10;

/** A limit on how often something may happen. */
export interface RateLimitOptions {
  /** What is limited, such as `login`; limits of different names do not count each other's hits. */
  readonly name: string;
  /** Hits allowed in any span of `windowMs`, from 1 to 10,000. */
  readonly limit: number;
  /** The lifetime of `rate_limit` unless told. */
  readonly windowMs?: number;
  /**
   * While Redis is away: `strict` counts in this process alone and allows only `strictLimit`; `open` allows all.
   */
  readonly whenAway: 'strict' | 'open';
  /** A tenth of `limit`, at least 1, unless told. */
  readonly strictLimit?: number;
}

/** Counts hits and says which are too many. */
export interface RateLimiter {
  /**
   * Counts a hit of `id` unless it is one too many; refused hits are not counted. Settles within
   * `operationTimeoutMs` of the owner, also while Redis is away.
   *
   * @param cost - hits that this one counts for, 1 unless told
   * @throws AppError INPUT_INVALID for an id that cannot be part of a key
   * @throws RangeError for a cost that is not a whole number from 1 to the limit
   */
  consume(id: string, cost?: number): Promise<RateLimitResult>;
  /** Forgets the hits of an id, as after a successful login. Never rejects for Redis: what it kept runs out. */
  reset(id: string): Promise<void>;
}

/**
 * A log of the hits within the window, so that no span of that length, wherever it begins, holds more than the limit.
 * (`rate-limiter-flexible` counts in fixed windows, which let twice the limit through around the end of one.)
 * Keys: log. Arguments: window in microseconds, limit, cost, a name for the hit. Replies: allowed, used, microseconds.
 */
const countHit = luaScript(
  `${LUA_NOW_US}
  local now = now_us()
  local window, limit, cost = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
  redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - window)
  local used = redis.call('ZCARD', KEYS[1])
  if used + cost > limit then
    local last = used + cost - limit - 1
    local hit = redis.call('ZRANGE', KEYS[1], last, last, 'WITHSCORES')
    return { 0, used, hit[2] + window - now }
  end
  for part = 1, cost do redis.call('ZADD', KEYS[1], now, ARGV[4] .. part) end
  redis.call('PEXPIRE', KEYS[1], math.ceil(window / 1000))
  return { 1, used + cost, 0 }`,
  z.tuple([z.number(), z.number(), z.number()]),
);

/**
 * Opens a limit that all processes of the installation share: a sliding window in one round trip.
 *
 * @throws RangeError for a limit or a window out of bounds
 */
export function rateLimiter(redis: RedisOwner, options: RateLimitOptions): RateLimiter {
  const { name, limit, whenAway } = options;
  const windowMs = options.windowMs ?? redis.lifetimeSeconds('rate_limit') * 1_000;
  const strictLimit = options.strictLimit ?? Math.max(1, Math.floor(limit / STRICT_DIVISOR));
  requireWhole('limit', limit, LIMIT_MAX);
  requireWhole('strictLimit', strictLimit, limit);
  requireWhole('windowMs', windowMs, Number.MAX_SAFE_INTEGER / 1_000);
  const alone = memoryWindow({ limit: strictLimit, windowMs });
  const warn = atMostEvery(LOG_INTERVAL_MS, (error: unknown) => {
    redis.logger.warn('a rate limit is applied without Redis', { limitName: name, whenAway, error });
  });
  const keyOf = (id: string): string => keyName(redis.prefix, 'rate_limit', name, id);

  return {
    async consume(id, cost = 1) {
      requireWhole('cost', cost, limit);
      const key = keyOf(id);
      try {
        const args = [windowMs * 1_000, limit, cost, randomUUID()];
        const [allowed, used, waitUs] = await countHit.run(redis, [key], args);
        const retryAfterMs = Math.ceil(waitUs / 1_000);
        return { allowed: allowed === 1, remaining: Math.max(0, limit - used), retryAfterMs, limit };
      } catch (error) {
        warn(error);
        if (whenAway === 'strict') return alone.hit(key, cost);
        return { allowed: true, remaining: limit, retryAfterMs: 0, limit };
      }
    },
    async reset(id) {
      const key = keyOf(id);
      alone.forget(key);
      await forgetHits.run(redis, [key], []).catch((error: unknown) => {
        if (!isRedisUnavailable(error)) throw error;
        warn(error);
      });
    },
  };
}

const forgetHits = luaScript(`return redis.call('DEL', KEYS[1])`, z.number());

function requireWhole(what: string, value: number, max: number): void {
  if (Number.isSafeInteger(value) && value >= 1 && value <= max) return;
  throw new RangeError(`${what} of a rate limit must be a whole number from 1 to ${max}`);
}
