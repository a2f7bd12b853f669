import type { Logger } from '@cookie-scanner/observability';
import { createNudge } from './wait-for-nudge.ts';

interface PeriodicTaskOptions {
  /** Shown in the log, such as `re-offer lost scans`. */
  readonly name: string;
  /** Pause between the end of one run and the start of the next. */
  readonly intervalMs: number;
  readonly run: () => Promise<void>;
  readonly logger: Logger;
}

/** Something done again and again, never twice at once. */
export interface PeriodicTask {
  /** When the last run began, in Unix milliseconds. */
  lastTurnAt(): number;
  /** Resolves after the run in flight. */
  stop(): Promise<void>;
}

/** Starts a task at once and repeats it. A run that fails is logged, and the next one comes as usual. */
export function startPeriodicTask({ name, intervalMs, run, logger }: PeriodicTaskOptions): PeriodicTask {
  const pause = createNudge();
  const stopping = new AbortController();
  let turnAtMs = Date.now();

  async function repeat(): Promise<void> {
    while (!stopping.signal.aborted) {
      turnAtMs = Date.now();
      try {
        await run();
      } catch (error) {
        logger.warn('a periodic task failed; it runs again later', { task: name, error });
      }
      await pause.wait(intervalMs);
    }
  }

  const ended = repeat();
  return {
    lastTurnAt: () => turnAtMs,
    stop: async () => {
      stopping.abort();
      pause.nudge();
      await ended;
    },
  };
}
