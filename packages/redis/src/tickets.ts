import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { fromJsonText, toJsonText } from './json-text.ts';
import { keyName } from './key-spaces.ts';
import { luaScript } from './lua-script.ts';
import type { RedisOwner } from './open-redis.ts';

const TICKET_BYTES = 32;
/** 32 bytes as base64url. */
const TICKET = /^[\w-]{43}$/;

/** Leave to open one live connection, given by one process and taken by any. Redis keeps only a hash of each ticket. */
export interface Tickets<TSchema extends z.ZodType> {
  /**
   * A new ticket, good for the lifetime of `live_ticket`.
   *
   * @throws AppError REDIS_UNAVAILABLE
   */
  issue(content: z.input<TSchema>): Promise<{ readonly ticket: string; readonly expiresInSeconds: number }>;
  /**
   * What a ticket is for, and that was its one time; null when it is none, too old, or was taken.
   *
   * @throws AppError REDIS_UNAVAILABLE
   */
  take(ticket: string): Promise<z.output<TSchema> | null>;
}

const putIn = luaScript(`redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2]) return 1`, z.number());
const takeOut = luaScript(`return redis.call('GETDEL', KEYS[1]) or ''`, z.string());

/** Opens the tickets of an installation; `schema` is the shape of what they are for. */
export function tickets<TSchema extends z.ZodType>(redis: RedisOwner, schema: TSchema): Tickets<TSchema> {
  const keyOf = (ticket: string): string => {
    const hash = createHash('sha256').update(ticket).digest('base64url');
    return keyName(redis.prefix, 'live_ticket', hash);
  };
  return {
    async issue(content) {
      const ticket = randomBytes(TICKET_BYTES).toString('base64url');
      const { text } = toJsonText(schema, content);
      const expiresInSeconds = redis.lifetimeSeconds('live_ticket');
      await putIn.run(redis, [keyOf(ticket)], [text, expiresInSeconds]);
      return { ticket, expiresInSeconds };
    },
    async take(ticket) {
      if (!TICKET.test(ticket)) return null;
      const stored = fromJsonText(schema, await takeOut.run(redis, [keyOf(ticket)], []));
      return stored.isReadable ? stored.value : null;
    },
  };
}
