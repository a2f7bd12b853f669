import { z } from 'zod';
import { luaScript } from './lua-script.ts';

/** Deletes a key if it still holds the token of its owner; 1 when it did. Keys: key. Arguments: token. */
export const deleteOwned = luaScript(
  `if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
  return redis.call('DEL', KEYS[1])`,
  z.number(),
);

/** Extends a key if it still holds the token of its owner; 1 when it did. Keys: key. Arguments: token, milliseconds. */
export const extendOwned = luaScript(
  `if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
  return redis.call('PEXPIRE', KEYS[1], ARGV[2])`,
  z.number(),
);
