import { AppError } from '@cookie-scanner/errors';

/** What one family of keys is for and how long its keys live. */
interface KeySpace {
  /** Seconds after the last write; then Redis forgets the key by itself. A setting may say otherwise. */
  readonly lifetimeSeconds: number;
  /** Whether `jsonCache` may write to it: values that can be had again from their source. */
  readonly isCache: boolean;
}

const MINUTE_SECONDS = 60;
const HOUR_SECONDS = 60 * MINUTE_SECONDS;
const DAY_SECONDS = 24 * HOUR_SECONDS;

/**
 * Every family of keys that the platform itself writes to Redis. A key that is not in this table is not written;
 * the keys of the queues belong to BullMQ.
 */
export const KEY_SPACES = {
  /** Hits of a rate limit within its window; the lifetime is the window of a limit that names none. */
  rate_limit: { lifetimeSeconds: MINUTE_SECONDS, isCache: false },
  /** A scan result as the API answers it, by scan id. */
  scan_result: { lifetimeSeconds: 5 * MINUTE_SECONDS, isCache: true },
  /** Compliance metrics over a span of time. */
  'analytics:metrics': { lifetimeSeconds: HOUR_SECONDS, isCache: true },
  /** Trends over a span of time. */
  'analytics:trends': { lifetimeSeconds: HOUR_SECONDS, isCache: true },
  /** What a user prefers, by user id. */
  'user:preferences': { lifetimeSeconds: 30 * MINUTE_SECONDS, isCache: true },
  /** Last sign of life of a scan, by scan id. */
  active_scan: { lifetimeSeconds: HOUR_SECONDS, isCache: false },
  /** Who holds a lock, and the fencing number it was given. */
  lock: { lifetimeSeconds: MINUTE_SECONDS, isCache: false },
  /** A session, and the sessions of a user. */
  session: { lifetimeSeconds: DAY_SECONDS, isCache: false },
  /** Who is in a workspace right now; the lifetime is how long one heartbeat counts. */
  presence: { lifetimeSeconds: 30, isCache: false },
  /** Leave to open one live connection, by the hash of its ticket. */
  live_ticket: { lifetimeSeconds: 30, isCache: false },
  /** What a research connector fetched about a gene. */
  'annotation:gene': { lifetimeSeconds: 7 * DAY_SECONDS, isCache: true },
  /** What a research connector fetched about a pathway. */
  'annotation:pathway': { lifetimeSeconds: 7 * DAY_SECONDS, isCache: true },
  /** What a research connector fetched about a publication. */
  'literature:paper': { lifetimeSeconds: 30 * DAY_SECONDS, isCache: true },
} as const satisfies Record<string, KeySpace>;

/** Name of a family of keys. */
export type KeySpaceName = keyof typeof KEY_SPACES;

/** Name of a family of keys that `jsonCache` may write to. */
export type CacheSpaceName = {
  [Name in KeySpaceName]: (typeof KEY_SPACES)[Name]['isCache'] extends true ? Name : never;
}[KeySpaceName];

/** Lifetimes in seconds that differ from the table, by family. */
export type Lifetimes = Readonly<Partial<Record<KeySpaceName, number>>>;

/** Longest id, in bytes of UTF-8. */
const ID_SIZE_MAX_BYTES = 4_096;

/**
 * Full name of one key: `<prefix>:<space>:<id>`, with one more `:<id>` for each further part.
 *
 * Any text is an id: what could be taken for a separator, a pattern or a control character is percent-encoded, so
 * that two different ids never meet in one key.
 *
 * @throws AppError INPUT_INVALID for an id that is empty, longer than 4,096 bytes or holds half a character
 */
export function keyName(prefix: string, space: KeySpaceName, ...ids: [string, ...string[]]): string {
  return [prefix, space, ...ids.map(keyPart)].join(':');
}

/**
 * One id as part of a key.
 *
 * @throws AppError INPUT_INVALID as `keyName` does
 */
export function keyPart(id: string): string {
  if (id === '') throw refusal('is empty');
  if (!id.isWellFormed()) throw refusal('holds half a character (a lone surrogate)');
  const sizeBytes = Buffer.byteLength(id);
  if (sizeBytes > ID_SIZE_MAX_BYTES) {
    throw refusal(`is ${sizeBytes} bytes long; ${ID_SIZE_MAX_BYTES} are allowed`);
  }
  return encodeURIComponent(id).replaceAll('*', '%2A');
}

function refusal(reason: string): AppError {
  return new AppError('INPUT_INVALID', `This cannot be the id of a key in Redis: it ${reason}.`);
}

/**
 * The table's lifetimes with those of the settings in their place.
 *
 * @throws Error for a lifetime that is not a whole number of seconds above zero
 */
export function lifetimesWith(settings: Lifetimes): Readonly<Record<KeySpaceName, number>> {
  const entries = Object.entries(KEY_SPACES).map(([name, { lifetimeSeconds }]) => {
    const seconds = settings[name as KeySpaceName] ?? lifetimeSeconds;
    if (!Number.isSafeInteger(seconds) || seconds < 1) {
      throw new Error(`the lifetime of ${name} must be a whole number of seconds above zero`);
    }
    return [name, seconds];
  });
  return Object.fromEntries(entries) as Record<KeySpaceName, number>;
}
