import { setTimeout as delay } from 'node:timers/promises';
import { startPeriodicTask, type PeriodicTask } from './periodic-task.ts';
import { removeOld, type RemovalOptions } from './remove-old.ts';

interface RetentionRunnerOptions extends RemovalOptions {
  readonly timing?: Partial<typeof DEFAULT_TIMING>;
}

const DEFAULT_TIMING = {
  intervalMs: 60_000,
  /** Longest that one turn removes before it lets the others of this process go on; the rest goes next time. */
  turnMsMax: 45_000,
  /** Between two batches, so that whoever waits for a lock or the disk comes in between. */
  pauseMs: 20,
};

/**
 * Starts to remove what is older than it is to be kept: rows in small batches, then the files that belonged to them. It can
 * be killed at any point. A batch of rows is gone as a whole or not at all, and files are noted in the transaction that
 * takes their rows, until they are gone.
 */
export function startRetentionRunner(options: RetentionRunnerOptions): PeriodicTask {
  const timing = { ...DEFAULT_TIMING, ...options.timing };
  const stopping = new AbortController();
  const task = startPeriodicTask({
    name: 'remove what is old',
    intervalMs: timing.intervalMs,
    logger: options.logger,
    run: async () => {
      const deadline = performance.now() + timing.turnMsMax;
      await removeOld(options, {
        isOver: () => stopping.signal.aborted || performance.now() > deadline,
        pause: () => delay(timing.pauseMs),
      });
    },
  });
  return {
    lastTurnAt: () => task.lastTurnAt(),
    stop: async () => {
      stopping.abort();
      await task.stop();
    },
  };
}
