import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { z } from 'zod';
import { runOperation } from './run-operation.ts';
import type { RedisOwner } from './open-redis.ts';

/** Reads a lifetime or a score that must be on one clock for all processes: that of Redis, in microseconds. */
export const LUA_NOW_US = `
local function now_us()
  local time = redis.call('TIME')
  return time[1] * 1000000 + time[2]
end
`;

/** A script that Redis runs as one step, between which nobody else's command happens. */
export interface LuaScript<TReply> {
  /**
   * Runs it: one round trip, but for the first time on a server that does not know the script yet.
   *
   * @throws AppError REDIS_UNAVAILABLE, see `runOperation`
   */
  run(redis: RedisOwner, keys: readonly string[], args: readonly (string | number)[]): Promise<TReply>;
}

/** Prepares a script whose reply has the shape of `reply`. */
export function luaScript<TSchema extends z.ZodType>(
  source: string,
  reply: TSchema,
): LuaScript<z.output<TSchema>> {
  const hash = createHash('sha1').update(source).digest('hex');

  async function evaluate(connection: Redis, keyCount: number, rest: (string | number)[]): Promise<unknown> {
    try {
      return await connection.evalsha(hash, keyCount, ...rest);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return connection.eval(source, keyCount, ...rest);
    }
  }

  return {
    run: async (redis, keys, args) =>
      runOperation(redis, async (connection) =>
        reply.parse(await evaluate(connection, keys.length, [...keys, ...args])),
      ),
  };
}
