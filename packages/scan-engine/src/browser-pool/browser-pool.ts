import { AppError } from '@cookie-scanner/errors';

/** `context` gives every scan a context of its own in a shared browser, `browser` a browser of its own. */
export type ScanIsolation = 'context' | 'browser';

/** What the pool must know of a browser to keep it. */
export interface PooledBrowser {
  /** Resolves when the process is gone, however that came. */
  readonly gone: Promise<void>;
  /** Memory of the browser with all its processes, in bytes; null where that cannot be measured. */
  memoryBytes(): number | null;
  /** Never rejects. */
  close(): Promise<void>;
}

/** When a browser is shared, and when it has done its share. */
export interface PoolLimits {
  readonly isolation: ScanIsolation;
  /** Scans after which a browser is replaced, so that nothing it leaks can add up. */
  readonly browserScansMax: number;
  /** Memory at which a browser is replaced, in bytes. */
  readonly browserMemoryMaxBytes: number;
}

/** A browser lent to one scan. */
export interface BrowserLoan<T> {
  readonly browser: T;
  /** Gives it back, once. A browser taken out of use ends with its last loan. */
  release(): void;
  /** Takes it out of use: no further scan gets it. */
  retire(): void;
}

/** Lends browsers to scans, and replaces those that broke or have done their share. */
export interface BrowserPool<T> {
  /**
   * Lends a browser; starts one when there is none. Callers who wait at the same time share the start.
   *
   * @param isAlone - give a browser of its own to this scan, whatever others get
   * @throws AppError BROWSER_UNAVAILABLE when the pool is closed, or what `start` throws
   */
  borrow(isAlone?: boolean): Promise<BrowserLoan<T>>;
  /** Ends all browsers, also those that are lent or just being started. Never rejects. */
  close(): Promise<void>;
}

/** A browser that is as large as this after so few scans is so because of them, and the next one would be as well. */
const SCANS_BEFORE_WEIGHING = 20;

interface Held<T> {
  readonly browser: T;
  /** Scans that have it now. */
  loans: number;
  /** Scans that ever had it. */
  scans: number;
  isRetired: boolean;
}

/** An empty pool; `start` starts a browser. */
export function browserPool<T extends PooledBrowser>(
  start: () => Promise<T>,
  { isolation, browserScansMax, browserMemoryMaxBytes }: PoolLimits,
): BrowserPool<T> {
  const held = new Set<Held<T>>();
  const pending = new Set<Promise<unknown>>();
  let current: Held<T> | null = null;
  let starting: Promise<Held<T>> | null = null;
  let isClosed = false;

  function track<R>(work: Promise<R>): Promise<R> {
    pending.add(work);
    const done = (): void => void pending.delete(work);
    work.then(done, done);
    return work;
  }

  function end(entry: Held<T>): void {
    if (held.delete(entry)) void track(entry.browser.close());
  }

  function retire(entry: Held<T>): void {
    entry.isRetired = true;
    if (current === entry) current = null;
    if (entry.loans === 0) end(entry);
  }

  function refuseWhenClosed(): void {
    if (isClosed) throw new AppError('BROWSER_UNAVAILABLE', 'The engine is closed.');
  }

  async function startHeld(): Promise<Held<T>> {
    refuseWhenClosed();
    const entry: Held<T> = { browser: await start(), loans: 0, scans: 0, isRetired: false };
    try {
      refuseWhenClosed();
    } catch (error) {
      await entry.browser.close();
      throw error;
    }
    held.add(entry);
    void entry.browser.gone.then(() => retire(entry));
    return entry;
  }

  async function shared(): Promise<Held<T>> {
    if (current) return current;
    starting ??= track(startHeld()).finally(() => {
      starting = null;
    });
    const entry = await starting;
    if (!entry.isRetired) current = entry;
    return entry;
  }

  function hasDoneItsShare({ browser, scans }: Held<T>): boolean {
    if (scans >= browserScansMax) return true;
    return scans >= SCANS_BEFORE_WEIGHING && (browser.memoryBytes() ?? 0) > browserMemoryMaxBytes;
  }

  return {
    async borrow(isAlone = isolation === 'browser') {
      if (current && hasDoneItsShare(current)) retire(current);
      const entry = await (isAlone ? track(startHeld()) : shared());
      entry.loans += 1;
      entry.scans += 1;
      return {
        browser: entry.browser,
        release() {
          entry.loans -= 1;
          if (entry.loans === 0 && (entry.isRetired || isAlone)) end(entry);
        },
        retire: () => retire(entry),
      };
    },
    async close() {
      isClosed = true;
      current = null;
      for (const entry of held) end(entry);
      // Whoever asked for a browser that could not be started is told; here only its end counts.
      while (pending.size > 0) await Promise.allSettled(pending);
    },
  };
}
