import type { SiteObservation } from '@cookie-scanner/contracts';
import type { AttachedTarget } from '../browser/target-attacher.ts';

/** Windows that are open at once; a site that opens more is not opening them for its visitors. */
const WINDOWS_MAX = 50;

/** Keeps a site from opening windows without end. */
export interface WindowLimit {
  /** Whether a new target may stay; the scan's own pages always may. */
  admits(target: AttachedTarget): boolean;
  left(target: AttachedTarget): void;
  /** Opens a page of the scan's own. */
  opening<T>(open: () => Promise<T>): Promise<T>;
  /** What the observation says of windows that were not let in; nothing when all were. */
  truncated(): SiteObservation['quality']['truncated'];
}

/** A limit for one scan. */
export function windowLimit(): WindowLimit {
  const open = new Set<string>();
  let ownOpenings = 0;
  let admitted = 0;
  let refused = 0;
  return {
    admits({ id, type }) {
      if (type !== 'page') return true;
      if (open.size >= WINDOWS_MAX && ownOpenings === 0) {
        refused += 1;
        return false;
      }
      open.add(id);
      admitted += 1;
      return true;
    },
    left: ({ id }) => void open.delete(id),
    async opening(openPage) {
      ownOpenings += 1;
      try {
        return await openPage();
      } finally {
        ownOpenings -= 1;
      }
    },
    truncated: () => (refused === 0 ? [] : [{ list: 'windows', kept: admitted, total: admitted + refused }]),
  };
}
