import type { SiteObservation } from '@cookie-scanner/contracts';
import { AppError } from '@cookie-scanner/errors';
import type { AdjustableLimit } from './adjustable-limit.ts';
import type { ResultSink } from './result-sink.ts';
import type { ListedUrl } from './url-list.ts';

/** Sites in a row whose browser broke, after which the fault is ours and not theirs. */
const BROKEN_IN_A_ROW_MAX = 10;
/** Faults of ours that one site alone may bring about. */
const MAY_BE_THE_SITE: ReadonlySet<string> = new Set(['BROWSER_UNAVAILABLE', 'EGRESS_UNAVAILABLE']);

interface RunCrawlOptions {
  readonly urls: AsyncIterable<ListedUrl>;
  readonly sink: ResultSink;
  /** Sites that are scanned at the same time. */
  readonly concurrency: AdjustableLimit;
  /** Observes one site. Rejects only when our own machinery fails. */
  readonly observe: (listed: ListedUrl) => Promise<SiteObservation>;
  /** The result to record for a site on which the browser or its way to the network broke. */
  readonly broken: (listed: ListedUrl, code: string) => SiteObservation;
  readonly onResult: (observation: SiteObservation) => void;
  readonly onSkipped: () => void;
  readonly signal: AbortSignal;
}

/**
 * Scans a list of sites and records each result as soon as it is there. A URL that has a result already, or that came
 * earlier in the list, is skipped. The list is read no faster than sites are scanned, so memory does not grow with it.
 *
 * @throws AppError BROWSER_UNAVAILABLE when the browser breaks on one site after another
 * @throws AppError INPUT_INVALID when the list turns out to be none; results that are there stay
 * @throws the reason of the signal when it fires; sites under way then have no result
 */
export async function runCrawl(options: RunCrawlOptions): Promise<void> {
  const { urls, sink, concurrency, onSkipped, signal } = options;
  const iterator = urls[Symbol.asyncIterator]();
  const failure = new AbortController();
  const workers = new Set<Promise<void>>();
  let brokenInARow = 0;
  let isAtEnd = false;

  async function nextUrl(): Promise<ListedUrl | null> {
    for (;;) {
      const next = await iterator.next();
      if (next.done === true) {
        isAtEnd = true;
        return null;
      }
      if (sink.done.add(next.value.url)) return next.value;
      onSkipped();
    }
  }

  async function observeOrRecordBreak(listed: ListedUrl): Promise<SiteObservation> {
    try {
      const observation = await options.observe(listed);
      brokenInARow = 0;
      return observation;
    } catch (error) {
      signal.throwIfAborted();
      brokenInARow += 1;
      const isTheSite = error instanceof AppError && MAY_BE_THE_SITE.has(error.code);
      if (!isTheSite || brokenInARow >= BROKEN_IN_A_ROW_MAX) throw error;
      return options.broken(listed, error.code);
    }
  }

  async function work(): Promise<void> {
    // A worker too many goes once it has finished what it does.
    while (!signal.aborted && !failure.signal.aborted && workers.size <= concurrency.current) {
      const listed = await nextUrl();
      if (listed === null) return;
      const observation = await observeOrRecordBreak(listed);
      await sink.append(JSON.stringify({ ...observation, requestedUrl: listed.url }));
      options.onResult(observation);
    }
  }

  function hire(): void {
    const isOver = isAtEnd || signal.aborted || failure.signal.aborted;
    while (workers.size < concurrency.current && !isOver) {
      const worker = Promise.resolve()
        .then(work)
        .catch((error: unknown) => failure.abort(error))
        .finally(() => {
          workers.delete(worker);
          // Two may have gone where one was too many.
          hire();
        });
      workers.add(worker);
    }
  }

  const stopHiring = concurrency.onChange(hire);
  const aborted = abortOf(signal);
  hire();
  try {
    while (workers.size > 0 && !signal.aborted) await Promise.race([...workers, aborted.promise]);
  } finally {
    stopHiring();
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
