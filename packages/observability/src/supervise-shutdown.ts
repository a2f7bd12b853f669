import { constants } from 'node:os';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Logger } from './logger.ts';

/** One step of an ordered stop. */
interface ShutdownStep {
  /** Shown in the log, such as `stop taking jobs`. */
  readonly name: string;
  readonly stop: () => Promise<void>;
}

interface ShutdownOptions {
  readonly logger: Logger;
  /** Milliseconds after which the process exits whatever still runs; below the orchestrator's own limit. */
  readonly deadlineMs: number;
  /** Run one after the other. A step that fails is logged and the next one runs. */
  readonly steps: readonly ShutdownStep[];
}

type StopReason = NodeJS.Signals | 'uncaughtException' | 'unhandledRejection';

/**
 * Ends this process in order on SIGTERM or SIGINT, or when an error reached nobody.
 *
 * Exit codes: 0 after an orderly stop; 1 when a step failed, when the deadline passed, or when an error was the cause;
 * 128 plus the signal's number when a second signal cut the stop short. To be called once per process, when everything
 * that the steps stop is running.
 */
export function superviseShutdown({ logger, deadlineMs, steps }: ShutdownOptions): void {
  let running: string | null = null;
  let isClean = true;

  const stop = async (reason: StopReason): Promise<void> => {
    logger.info('stopping', { reason });
    // Kept referenced: a step that waits for nothing must still end in a failure and not in a silent exit.
    setTimeout(() => {
      logger.error('the stop took too long; exiting at once', { deadlineMs, step: running });
      process.exit(1);
    }, deadlineMs);

    for (const { name, stop: stopStep } of steps) {
      running = name;
      try {
        await stopStep();
      } catch (error) {
        isClean = false;
        logger.error('a step of the stop failed', { step: name, error });
      }
    }
    // Errors of the last step that nobody caught are reported only after the current turn of the event loop.
    await nextTurn();
    logger.info('stopped', { reason });
    process.exit(isClean ? 0 : 1);
  };

  let isStopping = false;
  const begin = (reason: StopReason): void => {
    if (isStopping) return;
    isStopping = true;
    void stop(reason);
  };

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (isStopping) {
        logger.warn('second signal; exiting at once', { signal, step: running });
        process.exit(128 + constants.signals[signal]);
      }
      begin(signal);
    });
  }
  for (const fault of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(fault, (error: unknown) => {
      isClean = false;
      logger.error('an error reached nobody; this is a bug', { kind: fault, error });
      begin(fault);
    });
  }
}
