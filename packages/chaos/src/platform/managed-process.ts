import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fstatSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** A process that is started again whenever it ends, as an orchestrator does. */
export interface ManagedProcess {
  readonly name: string;
  /** Of the process that runs now; null between two. */
  pid(): number | null;
  /** Where the process that runs now answers; null until it said so. */
  port(): number | null;
  /** Sends a signal to the process that runs now. */
  signal(name: NodeJS.Signals): void;
  /** Resolves when the process that runs now has ended. */
  ended(): Promise<void>;
  /** Kills it, and keeps it from being started again while `work` runs. */
  holdDown(work: () => Promise<void>): Promise<void>;
  /** Sets its clock off by so many milliseconds, now and after a new start. */
  moveClock(offsetMs: number): void;
  /** Ends that nobody asked for, and those by SIGTERM that were not in order, in words. */
  readonly badEnds: readonly string[];
  /** Kills it for good. */
  end(): Promise<void>;
}

interface Program {
  readonly name: string;
  readonly path: string;
  /** Where everything that it prints goes. */
  readonly logPath: string;
}

const RESTART_PAUSE_MS = 200;
const CLOCK = new URL('../../src/platform/shifted-clock.preload.ts', import.meta.url);
const PORT = /"(?:healthPort|port)":(\d+)/;

/**
 * Starts a program of ours.
 *
 * @param env - the whole environment
 */
export function manageProcess(
  { name, path, logPath }: Program,
  env: Readonly<Record<string, string>>,
): ManagedProcess {
  const log = openSync(logPath, 'a');
  const clockPath = `${logPath}.clock`;
  const clock = new URL(`?${new URLSearchParams({ file: clockPath }).toString()}`, CLOCK);
  const badEnds: string[] = [];
  let child: ChildProcess | null = null;
  let logStart = 0;
  let port: number | null = null;
  let wasTold: NodeJS.Signals | null = null;
  let isHeldDown = false;
  const over = new AbortController();
  const isOver = (): boolean => over.signal.aborted;
  const lastTold = (): NodeJS.Signals | null => wasTold;

  async function keepRunning(): Promise<void> {
    while (!isOver()) {
      if (!isHeldDown) await runOnce();
      if (!isOver()) await delay(RESTART_PAUSE_MS);
    }
  }

  async function runOnce(): Promise<void> {
    logStart = fstatSync(log).size;
    wasTold = null;
    port = null;
    child = spawn(process.execPath, ['--enable-source-maps', '--import', clock.href, path], {
      env,
      stdio: ['ignore', log, log],
    });
    const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    child = null;
    const told = lastTold();
    const isAsked = told === 'SIGKILL' || (told === 'SIGTERM' && code === 0);
    if (!isAsked && !isOver()) {
      badEnds.push(`${name} ended with ${code ?? signal} after ${told ?? 'no signal'}: ${lastLines()}`);
    }
  }

  function tell(signal: NodeJS.Signals): void {
    if (signal === 'SIGKILL' || signal === 'SIGTERM') wasTold = signal;
    child?.kill(signal);
  }

  const written = (): string => readFileSync(logPath).subarray(logStart).toString();
  const lastLines = (): string => written().trimEnd().split('\n').slice(-3).join('\n');

  const kept = keepRunning();
  return {
    name,
    badEnds,
    pid: () => child?.pid ?? null,
    port() {
      if (child === null) return null;
      port ??= Number(PORT.exec(written())?.[1] ?? Number.NaN) || null;
      return port;
    },
    signal: tell,
    async ended() {
      if (child) await once(child, 'exit');
    },
    async holdDown(work) {
      isHeldDown = true;
      try {
        const running = child;
        tell('SIGKILL');
        if (running && running.exitCode === null && running.signalCode === null) await once(running, 'exit');
        await work();
      } finally {
        isHeldDown = false;
      }
    },
    moveClock(offsetMs) {
      // Never half written, for it is read at any time.
      writeFileSync(`${clockPath}.draft`, String(offsetMs));
      renameSync(`${clockPath}.draft`, clockPath);
    },
    async end() {
      over.abort();
      tell('SIGKILL');
      await kept;
      closeSync(log);
    },
  };
}
