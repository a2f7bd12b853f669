import type { CrashStep } from '@cookie-scanner/config';
import type { Logger } from './logger.ts';

/** Called when a process comes to a step; kills it when it was told to die there. */
export type CrashPoint = (step: CrashStep) => void;

/**
 * Where a process dies on purpose, for tests of recovery.
 *
 * @param crashAt - null for nowhere, as ever outside of tests
 */
export function crashPoint(crashAt: CrashStep | null, logger: Logger): CrashPoint {
  if (crashAt === null) return () => undefined;
  logger.warn('this process kills itself on purpose; unset CRASH_AT', { crashAt });
  return (step) => {
    if (step !== crashAt) return;
    // Nothing is cleaned up, just as when the machine loses its power.
    process.kill(process.pid, 'SIGKILL');
  };
}
