import type { RateLimitResult } from './rate-limit-result.ts';

interface MemoryWindowOptions {
  /** Hits allowed in any span of `windowMs`. */
  readonly limit: number;
  readonly windowMs: number;
  /** Keys remembered at most; the one that was hit longest ago is forgotten first. */
  readonly keysMax?: number;
  /** Milliseconds of any steady clock. */
  readonly now?: () => number;
}

/** A sliding window in the memory of this process alone, of bounded size. */
interface MemoryWindow {
  /** Counts a hit unless it is one too many. A cost above the limit is never allowed. */
  hit(key: string, cost: number): RateLimitResult;
  forget(key: string): void;
}

const KEYS_MAX = 10_000;

/** Opens a window that stands in for the shared one while Redis is away. */
export function memoryWindow({
  limit,
  windowMs,
  keysMax = KEYS_MAX,
  now = () => performance.now(),
}: MemoryWindowOptions): MemoryWindow {
  /** Times of the hits by key, the key that was hit last at the end. */
  const hits = new Map<string, number[]>();

  return {
    forget: (key) => void hits.delete(key),
    hit(key, cost) {
      const nowMs = now();
      const recent = (hits.get(key) ?? []).filter((atMs) => atMs > nowMs - windowMs);
      const isAllowed = recent.length + cost <= limit;
      if (isAllowed) recent.push(...Array.from({ length: cost }, () => nowMs));
      hits.delete(key);
      hits.set(key, recent);
      for (const oldest of hits.keys()) {
        if (hits.size <= keysMax) break;
        hits.delete(oldest);
      }
      if (isAllowed) return { allowed: true, remaining: limit - recent.length, retryAfterMs: 0, limit };
      const freedAtMs = (recent[recent.length + cost - limit - 1] ?? nowMs) + windowMs;
      const remaining = limit - recent.length;
      return { allowed: false, remaining, retryAfterMs: Math.ceil(freedAtMs - nowMs), limit };
    },
  };
}
