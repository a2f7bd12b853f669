/** Answers of a look-up, remembered for a moment. */
export interface BriefMemory<T> {
  /** The remembered answer, else a fresh one. Who asks while it is on its way waits for the same; failures are not kept. */
  get(key: string): Promise<T>;
  clear(): void;
}

/**
 * Remembers the answers of `lookUp` in this process.
 *
 * @param limits - how long an answer counts, in milliseconds, and how many are kept; the oldest give way
 */
export function briefMemory<T>(
  lookUp: (key: string) => Promise<T>,
  { lifetimeMs, countMax }: { lifetimeMs: number; countMax: number },
): BriefMemory<T> {
  const kept = new Map<string, { answer: Promise<T>; untilMs: number }>();
  return {
    get(key) {
      const known = kept.get(key);
      if (known && known.untilMs > performance.now()) return known.answer;
      const entry = { answer: lookUp(key), untilMs: performance.now() + lifetimeMs };
      kept.delete(key);
      kept.set(key, entry);
      entry.answer.catch(() => {
        if (kept.get(key) === entry) kept.delete(key);
      });
      if (kept.size > countMax) kept.delete(kept.keys().next().value ?? key);
      return entry.answer;
    },
    clear: () => kept.clear(),
  };
}
