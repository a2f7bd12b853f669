/** What one family of keys is for and how long its keys live. */
interface KeySpace {
  /** Seconds after the last write; then Redis forgets the key by itself. */
  readonly lifetimeSeconds: number;
}

/**
 * Every family of keys that the platform itself writes to Redis. A key that is not in this table is not written;
 * the keys of the queues belong to BullMQ.
 */
export const KEY_SPACES = {
  /** Last sign of life of a scan, by scan id. */
  active_scan: { lifetimeSeconds: 3_600 },
} as const satisfies Record<string, KeySpace>;

/** Name of a family of keys. */
export type KeySpaceName = keyof typeof KEY_SPACES;

/** Full name of one key. */
export function keyName(prefix: string, space: KeySpaceName, id: string): string {
  return `${prefix}:${space}:${id}`;
}
