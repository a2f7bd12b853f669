/** Sites that a crawl scans at a time at most. */
export const CONCURRENCY_MAX = 64;

/** How many things may be done at a time; may change while they are done. */
export interface AdjustableLimit {
  readonly current: number;
  /** Changes it by so many, within its bounds. */
  change(by: number): void;
  /** Calls back after each change; returns how to stop. */
  onChange(listener: () => void): () => void;
}

/** @param max - it is never more, and never less than 1 */
export function adjustableLimit(start: number, max: number): AdjustableLimit {
  const listeners = new Set<() => void>();
  let current = start;
  return {
    get current() {
      return current;
    },
    change(by) {
      const next = Math.min(max, Math.max(1, current + by));
      if (next === current) return;
      current = next;
      for (const listener of listeners) listener();
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
