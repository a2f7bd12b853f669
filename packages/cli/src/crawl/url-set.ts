import { createHash } from 'node:crypto';

/** Bytes kept of each address: enough that two of a billion are never taken for one. */
const DIGEST_BYTES = 12;

/** Which addresses were seen, in little memory however long they are. */
export interface UrlSet {
  readonly size: number;
  has(url: string): boolean;
  /** @returns false when it was there already */
  add(url: string): boolean;
}

/** An empty set. */
export function urlSet(): UrlSet {
  const digests = new Set<string>();
  const digestOf = (url: string): string =>
    createHash('sha256').update(url).digest().toString('latin1', 0, DIGEST_BYTES);
  return {
    get size() {
      return digests.size;
    },
    has: (url) => digests.has(digestOf(url)),
    add(url) {
      const sizeBefore = digests.size;
      digests.add(digestOf(url));
      return digests.size > sizeBefore;
    },
  };
}
