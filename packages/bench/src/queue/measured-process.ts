import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** What a process took since it was started. */
export interface ProcessUsage {
  /** User and system time. */
  readonly cpuMs: number;
  readonly postgresTrips: number;
  readonly redisTrips: number;
}

/** A process that says what it takes. */
export interface MeasuredProcess {
  /** What it is part of, such as `worker`. */
  readonly name: string;
  isRunning(): boolean;
  usage(): Promise<ProcessUsage>;
  stop(): Promise<void>;
}

const COUNT_USAGE = new URL('count-usage.js', import.meta.url);

/**
 * Starts a program of ours.
 *
 * @param settings - its environment, beside the search path
 * @param profileFolder - where it leaves a CPU profile when it ends; null for none
 */
export function startMeasured(
  name: string,
  script: string | URL,
  settings: Readonly<Record<string, string>>,
  profileFolder: string | null,
): MeasuredProcess {
  const child = fork(script instanceof URL ? fileURLToPath(script) : script, {
    env: { PATH: process.env['PATH'], NODE_ENV: 'development', ...settings },
    execArgv: [
      '--import',
      COUNT_USAGE.href,
      ...(profileFolder === null ? [] : ['--cpu-prof', '--cpu-prof-dir', profileFolder]),
    ],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  return {
    name,
    isRunning: () => isRunning(child),
    async usage() {
      if (!isRunning(child)) throw new Error(`${name} ended by itself; LOG_LEVEL=debug shows why`);
      child.send('usage');
      const [usage] = (await once(child, 'message')) as [ProcessUsage];
      return usage;
    },
    stop: () => stop(child),
  };
}

function isRunning({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}

async function stop(child: ChildProcess): Promise<void> {
  if (!isRunning(child)) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}
