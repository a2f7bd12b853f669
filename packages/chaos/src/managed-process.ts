import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** A process that is started again whenever it ends, as an orchestrator does. */
export interface ManagedProcess {
  readonly name: string;
  /** Sends a signal to the process that runs now. */
  signal(name: NodeJS.Signals): void;
  /** Keeps it from being started again while `work` runs. */
  holdDown(work: () => Promise<void>): Promise<void>;
  /** Kills it for good. */
  end(): Promise<void>;
}

const RESTART_PAUSE_MS = 200;

/**
 * Starts a program of ours.
 *
 * @param env - the whole environment
 * @param logPath - where everything that it prints goes
 */
export function manageProcess(
  { name, path, logPath }: { name: string; path: string; logPath: string },
  env: Readonly<Record<string, string>>,
): ManagedProcess {
  const log = openSync(logPath, 'a');
  let child: ChildProcess | null = null;
  let isHeldDown = false;
  const over = new AbortController();
  const isOver = (): boolean => over.signal.aborted;

  async function keepRunning(): Promise<void> {
    while (!isOver()) {
      if (isHeldDown) {
        await delay(RESTART_PAUSE_MS);
        continue;
      }
      child = spawn(process.execPath, ['--enable-source-maps', path], {
        env,
        stdio: ['ignore', log, log],
      });
      await once(child, 'exit');
      if (!isOver()) await delay(RESTART_PAUSE_MS);
    }
  }

  const kept = keepRunning();
  return {
    name,
    signal: (signal) => void child?.kill(signal),
    async holdDown(work) {
      isHeldDown = true;
      child?.kill('SIGKILL');
      await work();
      isHeldDown = false;
    },
    async end() {
      over.abort();
      child?.kill('SIGKILL');
      await kept;
      closeSync(log);
    },
  };
}
