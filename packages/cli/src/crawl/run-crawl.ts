import type { SiteObservation } from '@cookie-scanner/contracts';
import { AppError } from '@cookie-scanner/errors';
import type { ResultSink } from './result-file.ts';

/** Sites in a row whose browser broke, after which the fault is ours and not theirs. */
const BROKEN_IN_A_ROW_MAX = 10;

interface RunCrawlOptions {
  readonly urls: AsyncIterable<string>;
  readonly sink: ResultSink;
  /** Sites that are scanned at the same time. */
  readonly concurrency: number;
  /** Observes one site. Rejects only when our own machinery fails. */
  readonly observe: (url: string) => Promise<SiteObservation>;
  /** The result to record for a site on which the browser broke. */
  readonly broken: (url: string) => SiteObservation;
  readonly onResult: (observation: SiteObservation) => void;
  readonly onSkipped: () => void;
  readonly signal: AbortSignal;
}

/**
 * Scans a list of sites and records each result as soon as it is there. A URL that has a result already, or that came
 * earlier in the list, is skipped. The list is read no faster than sites are scanned, so memory does not grow with it.
 *
 * @throws AppError BROWSER_UNAVAILABLE when the browser breaks on one site after another
 * @throws the reason of the signal when it fires; sites under way then have no result
 */
export async function runCrawl(options: RunCrawlOptions): Promise<void> {
  const { urls, sink, concurrency, onSkipped, signal } = options;
  const iterator = urls[Symbol.asyncIterator]();
  const seen = new Set<string>();
  const failure = new AbortController();
  let brokenInARow = 0;

  async function nextUrl(): Promise<string | null> {
    for (;;) {
      const next = await iterator.next();
      if (next.done === true) return null;
      if (!sink.done.has(next.value) && !seen.has(next.value)) {
        seen.add(next.value);
        return next.value;
      }
      onSkipped();
    }
  }

  async function observeOrRecordBreak(url: string): Promise<SiteObservation> {
    try {
      const observation = await options.observe(url);
      brokenInARow = 0;
      return observation;
    } catch (error) {
      signal.throwIfAborted();
      brokenInARow += 1;
      const isTheSite = error instanceof AppError && error.code === 'BROWSER_UNAVAILABLE';
      if (!isTheSite || brokenInARow >= BROKEN_IN_A_ROW_MAX) throw error;
      return options.broken(url);
    }
  }

  async function work(): Promise<void> {
    while (!signal.aborted && !failure.signal.aborted) {
      const url = await nextUrl();
      if (url === null) return;
      const observation = await observeOrRecordBreak(url);
      await sink.append(JSON.stringify({ ...observation, requestedUrl: url }));
      options.onResult(observation);
    }
  }

  const workers = Array.from({ length: concurrency }, () =>
    work().catch((error: unknown) => {
      failure.abort(error);
    }),
  );
  const aborted = abortOf(signal);
  try {
    await Promise.race([Promise.all(workers), aborted.promise]);
  } finally {
    aborted.dispose();
    // The list may be a stream that never ends, such as a terminal.
    void iterator.return?.();
  }
  signal.throwIfAborted();
  failure.signal.throwIfAborted();
}

/** Resolves when the signal fires. */
function abortOf(signal: AbortSignal): { promise: Promise<void>; dispose: () => void } {
  let listener = (): void => undefined;
  const promise = new Promise<void>((resolve) => {
    listener = () => resolve();
    signal.addEventListener('abort', listener);
    if (signal.aborted) resolve();
  });
  return { promise, dispose: () => signal.removeEventListener('abort', listener) };
}
