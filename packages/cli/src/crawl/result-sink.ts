import type { UrlSet } from './url-set.ts';

/** Where a crawl puts its results, one line each. */
export interface ResultSink {
  /** URLs that have a result already or are about to have one, exactly as they were given. */
  readonly done: UrlSet;
  /** Adds a line, whole or not at all. */
  append(line: string): Promise<void>;
  close(): void;
}
