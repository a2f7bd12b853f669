import { createHash, randomBytes } from 'node:crypto';
import { AppError } from '@cookie-scanner/errors';
import type { z } from 'zod';
import { fromJsonText, toJsonText } from './json-text.ts';
import { keyName } from './key-spaces.ts';
import type { RedisOwner } from './open-redis.ts';
import {
  createSession,
  deleteSession,
  deleteSessions,
  listSessions,
  readSession,
  touchSession,
  type SessionRow,
} from './session-scripts.ts';

/** Largest JSON text of a session's data. */
const DATA_SIZE_MAX_BYTES = 16_384;
const ID_BYTES = 32;

/** A session, without the secret that opens it. */
export interface Session<TData> {
  /** Names the session to its user and to administrators; opens nothing. */
  readonly handle: string;
  readonly userId: string;
  /** Unix milliseconds, on the clock of Redis. */
  readonly createdAtMs: number;
  /** Unix milliseconds of the last `create` or `touch`. */
  readonly seenAtMs: number;
  readonly data: TData;
}

/**
 * Sessions that end when they are not used for the lifetime of `session`. Their ids are secrets of 256 bits, of which
 * Redis keeps only a hash.
 *
 * Redis forgets sessions when it is flushed; what must outlive that is in the database. While Redis is away every
 * operation throws AppError REDIS_UNAVAILABLE within `operationTimeoutMs` of the owner: nobody is logged in, and nobody
 * is told that they are logged out.
 */
export interface SessionStore<TSchema extends z.ZodType> {
  /**
   * Begins a session.
   *
   * @returns the secret id, which is told to nobody else, and the session
   * @throws AppError INPUT_INVALID for data larger than 16 KiB or a user id that cannot be part of a key
   */
  create(
    userId: string,
    data: z.input<TSchema>,
  ): Promise<{ readonly id: string; readonly session: Session<z.output<TSchema>> }>;
  /** The session of a secret id; null when there is none or its data has another shape. Does not prolong it. */
  read(id: string): Promise<Session<z.output<TSchema>> | null>;
  /** Like `read`, and lets the session live for another whole lifetime. */
  touch(id: string): Promise<Session<z.output<TSchema>> | null>;
  /** Ends a session; false when there was none. */
  destroy(id: string): Promise<boolean>;
  /** Ends a session of this user by its handle; false when the user has none of that handle. */
  destroyByHandle(userId: string, handle: string): Promise<boolean>;
  /** The sessions of a user, the one used last first. */
  list(userId: string): Promise<Session<z.output<TSchema>>[]>;
  /** Ends all sessions of a user, but for the one of `keepId`; in one step. Returns how many. */
  destroyAll(userId: string, keepId?: string): Promise<number>;
}

/** Opens the sessions of the installation; `schema` is the shape of what a session carries. */
export function sessionStore<TSchema extends z.ZodType>(
  redis: RedisOwner,
  schema: TSchema,
): SessionStore<TSchema> {
  const keyOf = (handle: string): string => keyName(redis.prefix, 'session', handle);
  const indexOf = (userId: string): string => keyName(redis.prefix, 'session', 'user', userId);
  const keyStart = keyOf('-').slice(0, -1);
  const lifetimeMs = (): number => redis.lifetimeSeconds('session') * 1_000;

  function toSession(handle: string, row: SessionRow): Session<z.output<TSchema>> | null {
    const [userId, createdAt, seenAt, text] = row;
    const data = fromJsonText(schema, text);
    if (!data.isReadable) return null;
    return { handle, userId, createdAtMs: Number(createdAt), seenAtMs: Number(seenAt), data: data.value };
  }

  return {
    async create(userId, data) {
      const { text, sizeBytes, value } = toJsonText(schema, data);
      if (sizeBytes > DATA_SIZE_MAX_BYTES) {
        const sizes = { sizeBytes, sizeMaxBytes: DATA_SIZE_MAX_BYTES };
        throw new AppError('INPUT_INVALID', 'A session cannot carry so much data.', sizes);
      }
      const id = randomBytes(ID_BYTES).toString('base64url');
      const handle = handleOf(id);
      const keys = [keyOf(handle), indexOf(userId)];
      const nowMs = await createSession.run(redis, keys, [handle, userId, text, lifetimeMs()]);
      return { id, session: { handle, userId, createdAtMs: nowMs, seenAtMs: nowMs, data: value } };
    },
    async read(id) {
      const handle = handleOf(id);
      const row = await readSession.run(redis, [keyOf(handle)], []);
      return row && toSession(handle, row);
    },
    async touch(id) {
      const handle = handleOf(id);
      const row = await touchSession.run(redis, [keyOf(handle)], [handle, lifetimeMs()]);
      return row && toSession(handle, row);
    },
    async destroy(id) {
      const handle = handleOf(id);
      return (await deleteSession.run(redis, [keyOf(handle)], [handle, ''])) === 1;
    },
    async destroyByHandle(userId, handle) {
      return (await deleteSession.run(redis, [keyOf(handle)], [handle, indexOf(userId)])) === 1;
    },
    async list(userId) {
      const rows = await listSessions.run(redis, [indexOf(userId)], [keyStart]);
      return rows
        .map(([handle, ...row]) => toSession(handle, row))
        .filter((session) => session !== null)
        .sort((one, other) => other.seenAtMs - one.seenAtMs);
    },
    async destroyAll(userId, keepId) {
      const kept = keepId === undefined ? '' : handleOf(keepId);
      return deleteSessions.run(redis, [indexOf(userId)], [keyStart, kept]);
    },
  };
}

/** Whoever reads Redis or a backup of it shall not be able to use the sessions in it. */
function handleOf(id: string): string {
  return createHash('sha256').update(id).digest('base64url');
}
