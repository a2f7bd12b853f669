/** Waits for the network to come to rest. */
interface NetworkRest<Request> {
  /** Says that something happened on the network. */
  changed(): void;
  /** Resolves at once when nothing is pending, else when nothing was for `quietMs`, or after `limitMs`. */
  readonly untilQuiet: (
    quietMs: number,
    limitMs: number,
    isRelevant?: (request: Request) => boolean,
  ) => Promise<void>;
  /** Resolves when nothing has happened for `stallMs`, counted from now, or when the signal fires. */
  readonly untilStalled: (stallMs: number, signal: AbortSignal) => Promise<void>;
}

/** @param pendingCount - how many requests, of the relevant ones, a page could still be waiting for */
export function networkRest<Request>(
  pendingCount: (isRelevant?: (request: Request) => boolean) => number,
): NetworkRest<Request> {
  const watchers = new Set<() => void>();
  return {
    changed() {
      for (const watcher of watchers) watcher();
    },
    async untilQuiet(quietMs, limitMs, isRelevant) {
      if (pendingCount(isRelevant) === 0) return;
      await new Promise<void>((resolve) => {
        let quiet: NodeJS.Timeout | undefined;
        const stop = (): void => {
          clearTimeout(quiet);
          clearTimeout(limit);
          watchers.delete(look);
          resolve();
        };
        const look = (): void => {
          clearTimeout(quiet);
          if (pendingCount(isRelevant) === 0) quiet = setTimeout(stop, quietMs);
        };
        const limit = setTimeout(stop, limitMs).unref();
        watchers.add(look);
        look();
      });
    },
    async untilStalled(stallMs, signal) {
      await new Promise<void>((resolve) => {
        const stop = (): void => {
          clearTimeout(stalled);
          watchers.delete(restart);
          signal.removeEventListener('abort', stop);
          resolve();
        };
        const restart = (): void => void stalled.refresh();
        const stalled = setTimeout(stop, stallMs).unref();
        watchers.add(restart);
        signal.addEventListener('abort', stop);
        if (signal.aborted) stop();
      });
    },
  };
}
