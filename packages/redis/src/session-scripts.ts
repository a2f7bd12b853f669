import { z } from 'zod';
import { LUA_NOW_US, luaScript } from './lua-script.ts';

/**
 * A session is a hash that names the index of its user: a sorted set of handles by the time at which they run out.
 * Scripts reach from the one to the other, so in a Redis Cluster the prefix of the installation needs a hash tag.
 */
const LUA_SESSION = `
${LUA_NOW_US}
local function now_ms() return math.floor(now_us() / 1000) end

local function read(key)
  local row = redis.call('HMGET', key, 'userId', 'createdAtMs', 'seenAtMs', 'data')
  return row[1] and row[2] and row[3] and row[4] and row
end

local function enter(index, handle, now, lifetime)
  redis.call('ZREMRANGEBYSCORE', index, '-inf', now)
  redis.call('ZADD', index, now + lifetime, handle)
  if redis.call('PTTL', index) < lifetime then redis.call('PEXPIRE', index, lifetime) end
end
`;

const rowSchema = z.tuple([z.string(), z.string(), z.string(), z.string()]);

/** User id, Unix milliseconds of creation and of last use, and data, as Redis keeps them. */
export type SessionRow = z.output<typeof rowSchema>;

/** Keys: session, index. Arguments: handle, user id, data, lifetime in milliseconds. Replies Unix milliseconds. */
export const createSession = luaScript(
  `${LUA_SESSION}
  local now, lifetime = now_ms(), tonumber(ARGV[4])
  enter(KEYS[2], ARGV[1], now, lifetime)
  redis.call('HSET', KEYS[1], 'index', KEYS[2], 'userId', ARGV[2], 'createdAtMs', now, 'seenAtMs', now, 'data', ARGV[3])
  redis.call('PEXPIRE', KEYS[1], lifetime)
  return now`,
  z.number(),
);

/** Keys: session. Replies the row or null. */
export const readSession = luaScript(`${LUA_SESSION} return read(KEYS[1])`, rowSchema.nullable());

/** Keys: session. Arguments: handle, lifetime in milliseconds. Replies the row or null. */
export const touchSession = luaScript(
  `${LUA_SESSION}
  local index = redis.call('HGET', KEYS[1], 'index')
  if not index then return false end
  local now, lifetime = now_ms(), tonumber(ARGV[2])
  enter(index, ARGV[1], now, lifetime)
  redis.call('HSET', KEYS[1], 'seenAtMs', now)
  redis.call('PEXPIRE', KEYS[1], lifetime)
  return read(KEYS[1])`,
  rowSchema.nullable(),
);

/** Keys: session. Arguments: handle, the index it must be in or nothing. Replies 1 when it was deleted. */
export const deleteSession = luaScript(
  `local index = redis.call('HGET', KEYS[1], 'index')
  if not index or (ARGV[2] ~= '' and ARGV[2] ~= index) then return 0 end
  redis.call('ZREM', index, ARGV[1])
  return redis.call('DEL', KEYS[1])`,
  z.number(),
);

/** Keys: index. Arguments: what the keys of sessions start with. Replies rows that begin with the handle. */
export const listSessions = luaScript(
  `${LUA_SESSION}
  local rows = {}
  for _, handle in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
    local row = read(ARGV[1] .. handle)
    if row then
      table.insert(row, 1, handle)
      table.insert(rows, row)
    else
      redis.call('ZREM', KEYS[1], handle)
    end
  end
  return rows`,
  z.array(z.tuple([z.string(), ...rowSchema.def.items])),
);

/** Keys: index. Arguments: what the keys of sessions start with, the handle to keep or nothing. Replies how many. */
export const deleteSessions = luaScript(
  `local count = 0
  for _, handle in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
    if handle ~= ARGV[2] then
      count = count + redis.call('DEL', ARGV[1] .. handle)
      redis.call('ZREM', KEYS[1], handle)
    end
  end
  return count`,
  z.number(),
);
