import type { Collector } from './collector.ts';

/** Counts the pages and frames whose process ended under them. */
export interface CrashesCollector extends Collector {
  /** How many of them ended because their browser held too much memory. */
  endedForMemory(): number;
}

/** @param endedPagesBy - whether what keeps the browser's memory limited ended a process of pages just before this time */
export function crashesCollector(endedPagesBy: (atMs: number) => boolean): CrashesCollector {
  let count = 0;
  return {
    attach({ session, type }) {
      if (type !== 'page' && type !== 'iframe') return;
      session.on('Inspector.targetCrashed', () => {
        if (endedPagesBy(performance.now())) count += 1;
      });
    },
    endedForMemory: () => count,
  };
}
