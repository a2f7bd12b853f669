import type { Caller } from '@cookie-scanner/auth';
import { AppError } from '@cookie-scanner/errors';
import { rateLimiter, type RateLimiter, type RedisOwner } from '@cookie-scanner/redis';
import type { Response } from 'express';

const WINDOW_SECONDS = 60;
/** Most requests a minute that the counting of Redis allows. */
const LIMIT_MAX = 10_000;

/** How many requests somebody may send. */
export interface RequestLimits {
  /**
   * Counts a request of a person, a key or, for strangers, an address, and tells the client in the `RateLimit` headers.
   *
   * @throws AppError RATE_LIMITED with the seconds to wait
   */
  take(response: Response, caller: Caller | null, address: string | null): Promise<void>;
  /** From now on allows this many a minute to whom nothing else is set. */
  setPerMinute(perMinute: number): void;
}

/**
 * The limits of an installation, counted by all its gateways together. While Redis is away each process counts by itself
 * and allows a tenth.
 *
 * @see https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/
 */
export function requestLimits(redis: RedisOwner, perMinute: number): RequestLimits {
  let usual = Math.min(perMinute, LIMIT_MAX);
  const limiters = new Map<number, RateLimiter>();
  const limiterOf = (limit: number): RateLimiter => {
    const limiter =
      limiters.get(limit) ??
      rateLimiter(redis, {
        name: `api_${limit}`,
        limit,
        windowMs: WINDOW_SECONDS * 1_000,
        whenAway: 'strict',
      });
    limiters.set(limit, limiter);
    return limiter;
  };
  return {
    async take(response, caller, address) {
      const limit = (caller?.kind === 'program' ? caller.rateLimitPerMinute : null) ?? usual;
      const { allowed, remaining, retryAfterMs } = await limiterOf(limit).consume(idOf(caller, address));
      const waitSeconds = Math.max(1, Math.ceil(retryAfterMs / 1_000));
      response.setHeader('RateLimit-Policy', `"default";q=${limit};w=${WINDOW_SECONDS}`);
      response.setHeader('RateLimit', `"default";r=${remaining};t=${allowed ? WINDOW_SECONDS : waitSeconds}`);
      if (allowed) return;
      throw new AppError('RATE_LIMITED', `At most ${limit} requests a minute are answered.`, {
        retryAfterSeconds: waitSeconds,
      });
    },
    setPerMinute(next) {
      usual = Math.min(next, LIMIT_MAX);
    },
  };
}

function idOf(caller: Caller | null, address: string | null): string {
  if (!caller) return `address ${address ?? 'unknown'}`;
  return caller.kind === 'program' ? `key ${caller.keyId}` : `user ${caller.userId}`;
}
