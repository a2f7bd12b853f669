import type { LiveStatus } from '../terminal/live-status.ts';
import type { Terminal } from '../terminal/terminal.ts';
import type { CrawlProgress } from './crawl-progress.ts';

/** In a log, a line for every site of a long list would hide everything else. */
const LOG_EVERY_MS = 10_000;

/**
 * Shows how a crawl goes: on a terminal a bar that follows every result, elsewhere a line now and then.
 *
 * @param now - clock in milliseconds that never runs backwards
 * @returns to be called after each result
 */
export function crawlDisplay(
  { isLive }: Pick<Terminal, 'isLive'>,
  status: LiveStatus,
  progress: CrawlProgress,
  now: () => number,
): () => void {
  let shownAt = -Infinity;
  return () => {
    if (isLive) {
      status.show(progress.bar());
      return;
    }
    if (now() - shownAt < LOG_EVERY_MS) return;
    shownAt = now();
    status.show(progress.text());
  };
}
