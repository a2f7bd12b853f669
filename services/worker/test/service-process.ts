import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** One line of a service's log. */
interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly [field: string]: unknown;
}

/** A service of the platform in a process of its own, as built. */
export interface ServiceProcess {
  readonly pid: number;
  readonly log: readonly LogLine[];
  /** True once the log has a line with this message. */
  hasLogged(message: string): boolean;
  /** Sends a signal. */
  signal(name: NodeJS.Signals): void;
  /** Resolves with exit code and signal when the process has ended. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** Kills it, if it still runs. */
  kill(): Promise<void>;
}

/**
 * Starts `services/<name>/dist/main.js`.
 *
 * @param settings - the whole environment beside PATH
 * @param wrapper - program and arguments that become the service, such as those that limit it; none for none
 */
export function startService(
  name: string,
  settings: Record<string, string>,
  wrapper: readonly string[] = [],
): ServiceProcess {
  return startProcess(`../../${name}/dist/main.js`, settings, wrapper);
}

/** Starts a worker whose engine visits nothing; what it does otherwise is in `trivial-engine.ts`. */
export function startTrivialWorker(settings: Record<string, string>): ServiceProcess {
  return startProcess('trivial-worker.ts', settings, []);
}

function startProcess(
  path: string,
  settings: Record<string, string>,
  wrapper: readonly string[],
): ServiceProcess {
  const main = fileURLToPath(new URL(path, import.meta.url));
  const [program, ...args] = [...wrapper, process.execPath, '--enable-source-maps', main];
  const child = spawn(program, args, {
    env: { PATH: process.env['PATH'], ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const log: LogLine[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => log.push(parseLine(line)));
  const ended = once(child, 'exit').then(([code, signal]) => ({
    code: code as number | null,
    signal: signal as NodeJS.Signals | null,
  }));

  return {
    pid: child.pid ?? -1,
    log,
    hasLogged: (message) => log.some((line) => line.message === message),
    signal: (signal) => void child.kill(signal),
    ended,
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function parseLine(line: string): LogLine {
  try {
    return JSON.parse(line) as LogLine;
  } catch {
    // Something that is not our logger wrote it; it is kept as it is.
    return { level: 'raw', message: line };
  }
}

/** Processes that `pid` started, and those that they started, that still run. */
export async function descendants(pid: number): Promise<number[]> {
  const parents = new Map<number, number>();
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    // A process may end between the two reads.
    const stat = await readFile(`/proc/${entry}/stat`, 'utf8').catch(() => '');
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    if (parent > 0) parents.set(Number(entry), parent);
  }
  const found = new Set([pid]);
  for (let size = 0; size !== found.size;) {
    size = found.size;
    for (const [child, parent] of parents) if (found.has(parent)) found.add(child);
  }
  found.delete(pid);
  return [...found];
}

/** True while a process of this id runs. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    // ESRCH: there is no such process.
    return false;
  }
}
