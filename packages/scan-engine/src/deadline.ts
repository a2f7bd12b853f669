/** A limit on the wall clock that everything in one scan shares. */
export interface Deadline {
  readonly passed: boolean;
  /** Milliseconds left, never below zero. */
  remainingMs(): number;
}

/** Starts the clock of a limit `timeoutMs` from now, on a clock that never jumps. */
export function startDeadline(timeoutMs: number): Deadline {
  const endsAt = performance.now() + timeoutMs;
  return {
    get passed() {
      return performance.now() >= endsAt;
    },
    remainingMs: () => Math.max(0, endsAt - performance.now()),
  };
}

/** What `within` answers when the time ran out first. */
export const TIMED_OUT = Symbol('timed out');

/**
 * Waits for a promise, but no longer than `limitMs`. The promise itself goes on; a later rejection of it is
 * swallowed, because nobody waits for it any more.
 */
export async function within<T>(promise: Promise<T>, limitMs: number): Promise<T | typeof TIMED_OUT> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<typeof TIMED_OUT>((resolve) => {
    timer = setTimeout(() => resolve(TIMED_OUT), limitMs);
    timer.unref(); // What is waited for comes from the browser: where that is gone, so is the reason to stay.
  });
  promise.catch(() => undefined);
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}
