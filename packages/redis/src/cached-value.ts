import { z } from 'zod';
import { luaScript } from './lua-script.ts';

/**
 * A cached value is the text `<staleForMs>|<json>`: in the last `staleForMs` of its life in Redis it is stale. So all
 * processes judge freshness by one clock, that of Redis.
 */
const LUA_READ = `
local text = redis.call('GET', KEYS[1])
local isFresh = 0
if text then
  local staleForMs = tonumber(string.match(text, '^(%d+)|'))
  if staleForMs and redis.call('PTTL', KEYS[1]) > staleForMs then isFresh = 1 end
end
`;

const textSchema = z.string().nullable();
const flagSchema = z.number().transform((flag) => flag === 1);

/** Reads a value. Keys: value. Replies: text, is it fresh. */
export const readValue = luaScript(`${LUA_READ} return { text, isFresh }`, z.tuple([textSchema, flagSchema]));

/**
 * Reads a value, and claims its computation where it is missing or stale and nobody else has claimed it.
 * Keys: value, claim. Arguments: token, milliseconds of the claim, 1 to claim although the value is fresh.
 * Replies: text, is it fresh, is it claimed now.
 */
export const readOrClaim = luaScript(
  `${LUA_READ}
  local isClaimed = 0
  if isFresh == 0 or ARGV[3] == '1' then
    if redis.call('SET', KEYS[2], ARGV[1], 'NX', 'PX', ARGV[2]) then isClaimed = 1 end
  end
  return { text, isFresh, isClaimed }`,
  z.tuple([textSchema, flagSchema, flagSchema]),
);

/**
 * Keeps a computed value and gives its claim back, unless the claim is lost: then the value was invalidated while it
 * was being computed, and is out of date. Keys: value, claim. Arguments: token, text, milliseconds. Replies 1 if kept.
 */
export const storeClaimed = luaScript(
  `if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
  redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
  redis.call('DEL', KEYS[2])
  return 1`,
  z.number(),
);

/** The text of a value. */
export function wrapJson(json: string, staleForMs: number): string {
  return `${staleForMs}|${json}`;
}

/** The JSON in the text of a value. */
export function unwrapJson(text: string): string {
  return text.slice(text.indexOf('|') + 1);
}
