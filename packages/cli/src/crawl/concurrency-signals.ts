import type { AdjustableLimit } from './adjustable-limit.ts';

/**
 * Lets whoever watches a long crawl change how many sites are scanned at a time: SIGUSR2 for one more, SIGUSR1 for one
 * fewer.
 *
 * @param announce - told the new limit
 * @returns how to stop listening
 */
export function adjustBySignals(limit: AdjustableLimit, announce: (current: number) => void): () => void {
  const more = (): void => limit.change(1);
  const fewer = (): void => limit.change(-1);
  process.on('SIGUSR2', more);
  process.on('SIGUSR1', fewer);
  const stopAnnouncing = limit.onChange(() => announce(limit.current));
  return () => {
    process.off('SIGUSR2', more);
    process.off('SIGUSR1', fewer);
    stopAnnouncing();
  };
}
