import { z } from 'zod';
import { LUA_NOW_US, luaScript } from './lua-script.ts';

/**
 * Takes a lock that is free. The fencing number is one more than the last, or the time in microseconds where that is
 * more: so it also grows after Redis has forgotten the last one.
 * Keys: holder, fence. Arguments: token, milliseconds of the lock, of the fence. Replies the fencing number or null.
 */
export const takeLock = luaScript(
  `${LUA_NOW_US}
  if not redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return false end
  local fence = redis.call('INCR', KEYS[2])
  local now = now_us()
  if fence < now then
    fence = now
    redis.call('SET', KEYS[2], string.format('%.0f', now))
  end
  redis.call('PEXPIRE', KEYS[2], ARGV[3])
  return fence`,
  z.number().nullable(),
);

/**
 * Extends a lock. One that has run out or was forgotten by Redis is restored if nobody has taken it since, as the last
 * fencing number tells.
 * Keys: holder, fence. Arguments: token, milliseconds of the lock, of the fence, fencing number. Replies 1 if held.
 */
export const extendLock = luaScript(
  `local holder = redis.call('GET', KEYS[1])
  if holder and holder ~= ARGV[1] then return 0 end
  local fence = redis.call('GET', KEYS[2])
  if fence and fence ~= ARGV[4] then return 0 end
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
  redis.call('SET', KEYS[2], ARGV[4], 'PX', ARGV[3])
  return 1`,
  z.number(),
);

/**
 * Gives a lock back and leaves one of somebody else alone.
 * Keys: holder, fence. Arguments: token, fencing number. Replies 1 when nobody else has had it meanwhile.
 */
export const releaseLock = luaScript(
  `local holder = redis.call('GET', KEYS[1])
  if holder == ARGV[1] then return redis.call('DEL', KEYS[1]) end
  local fence = redis.call('GET', KEYS[2])
  if holder or (fence and fence ~= ARGV[2]) then return 0 end
  return 1`,
  z.number(),
);
