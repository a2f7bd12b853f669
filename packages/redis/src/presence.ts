import { z } from 'zod';
import { atMostEvery } from './at-most-every.ts';
import { fromJsonText, toJsonText } from './json-text.ts';
import { keyName, keyPart } from './key-spaces.ts';
import { LUA_NOW_US, luaScript } from './lua-script.ts';
import type { RedisOwner } from './open-redis.ts';

const MEMBERS_MAX = 1_000;
const MEMBER_SIZE_MAX_BYTES = 4_096;
const LOG_INTERVAL_MS = 60_000;

/** Somebody who is in a workspace right now, once for each window they have open. */
export interface PresentMember<TCursor> {
  readonly userId: string;
  /** The window; unique among all that are open. */
  readonly connectionId: string;
  /** Where in the workspace they are. */
  readonly cursor: TCursor;
}

/**
 * What a heartbeat came to: the member is new, is still here, finds 1,000 others, says more than 4 KiB, or Redis is away.
 */
export type HeartbeatResult = 'joined' | 'present' | 'full' | 'too_large' | 'unavailable';

/**
 * Who is in which workspace, over all processes. A hint for people: with Redis away nobody is seen, and nothing rejects
 * for that. Each operation settles within `operationTimeoutMs` of the owner.
 *
 * All operations throw AppError INPUT_INVALID for ids that cannot be part of a key.
 */
export interface Presence<TSchema extends z.ZodType> {
  /**
   * Says that a member is in a workspace, and where. Whoever does not say so again within the lifetime of `presence`
   * has left.
   */
  heartbeat(workspaceId: string, member: PresentMember<z.input<TSchema>>): Promise<HeartbeatResult>;
  /** Says that a member has left; false when they were not there or Redis is away. */
  leave(workspaceId: string, connectionId: string): Promise<boolean>;
  /** Everyone in a workspace, in no order; null while Redis is away, so that nobody seems to have left. */
  list(workspaceId: string): Promise<PresentMember<z.output<TSchema>>[] | null>;
  /** Milliseconds that one heartbeat counts, by the settings of this moment. */
  lifetimeMs(): number;
}

/** A hash of members by connection, and a sorted set of when each runs out. */
const LUA_EXPEL = `
${LUA_NOW_US}
local now = math.floor(now_us() / 1000)
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now)) do redis.call('HDEL', KEYS[1], id) end
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
`;

/** Keys: members, ends. Arguments: connection, member, lifetime in milliseconds, most members. Replies 1, 0 or -1. */
const enterRoom = luaScript(
  `${LUA_EXPEL}
  local isNew = redis.call('ZADD', KEYS[2], now + ARGV[3], ARGV[1])
  if redis.call('ZCARD', KEYS[2]) > tonumber(ARGV[4]) then
    redis.call('ZREM', KEYS[2], ARGV[1])
    return -1
  end
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
  for _, key in ipairs(KEYS) do
    if redis.call('PTTL', key) < tonumber(ARGV[3]) then redis.call('PEXPIRE', key, ARGV[3]) end
  end
  return isNew`,
  z.number(),
);

/** Keys: members, ends. Arguments: connection. Replies 1 when they were there. */
const leaveRoom = luaScript(
  `${LUA_EXPEL}
  redis.call('ZREM', KEYS[2], ARGV[1])
  return redis.call('HDEL', KEYS[1], ARGV[1])`,
  z.number(),
);

/** Keys: members, ends. Replies the members. */
const listRoom = luaScript(`${LUA_EXPEL} return redis.call('HVALS', KEYS[1])`, z.array(z.string()));

/** A member as Redis keeps them; the cursor is JSON in itself, read by the schema of the caller. */
const storedSchema = z.object({ userId: z.string(), connectionId: z.string(), cursor: z.string() });

const RESULTS = new Map<number, HeartbeatResult>([
  [1, 'joined'],
  [0, 'present'],
  [-1, 'full'],
]);

/** Opens the rooms of all workspaces; `cursorSchema` is the shape of where somebody is. */
export function presence<TSchema extends z.ZodType>(
  redis: RedisOwner,
  cursorSchema: TSchema,
): Presence<TSchema> {
  const warn = atMostEvery(LOG_INTERVAL_MS, (error: unknown) => {
    redis.logger.warn('who is in a workspace is not known: Redis is away or refuses', { error });
  });
  const keysOf = (workspaceId: string): string[] => [
    keyName(redis.prefix, 'presence', workspaceId),
    keyName(redis.prefix, 'presence', workspaceId, 'ends'),
  ];

  function read(text: string): PresentMember<z.output<TSchema>> | null {
    const stored = fromJsonText(storedSchema, text);
    if (!stored.isReadable) return null;
    const cursor = fromJsonText(cursorSchema, stored.value.cursor);
    return cursor.isReadable ? { ...stored.value, cursor: cursor.value } : null;
  }

  /** `otherwise` while Redis is away. */
  async function settle<T>(operation: Promise<T>, otherwise: T): Promise<T> {
    try {
      return await operation;
    } catch (error) {
      warn(error);
      return otherwise;
    }
  }

  const lifetimeMs = (): number => redis.lifetimeSeconds('presence') * 1_000;

  return {
    lifetimeMs,
    async heartbeat(workspaceId, member) {
      const keys = keysOf(workspaceId);
      const field = keyPart(member.connectionId);
      const { userId, connectionId } = member;
      const cursor = toJsonText(cursorSchema, member.cursor).text;
      const { text, sizeBytes } = toJsonText(storedSchema, { userId, connectionId, cursor });
      if (sizeBytes > MEMBER_SIZE_MAX_BYTES) return 'too_large';
      const entered = enterRoom.run(redis, keys, [field, text, lifetimeMs(), MEMBERS_MAX]);
      return settle(
        entered.then((reply) => RESULTS.get(reply) ?? 'unavailable'),
        'unavailable',
      );
    },
    async leave(workspaceId, connectionId) {
      const left = leaveRoom.run(redis, keysOf(workspaceId), [keyPart(connectionId)]);
      return settle(
        left.then((count) => count === 1),
        false,
      );
    },
    async list(workspaceId) {
      const texts = await settle<string[] | null>(listRoom.run(redis, keysOf(workspaceId), []), null);
      if (texts === null) return null;
      return texts.map(read).filter((member) => member !== null);
    },
  };
}
