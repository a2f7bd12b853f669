import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A Node process that runs a piece of this package. */
export interface ScriptProcess {
  readonly pid: number;
  /** The next line it prints. */
  nextLine(): Promise<string>;
  kill(signal: NodeJS.Signals): Promise<void>;
}

/**
 * Runs a module whose imports are relative to `src/`, so that a test can kill a process without killing itself.
 *
 * @param source - JavaScript; top-level await is fine
 */
export function runScript(source: string): ScriptProcess {
  const folder = fileURLToPath(new URL('..', import.meta.url));
  const absolute = source.replaceAll(/from '\.\//g, `from '${folder}`);
  const child: ChildProcess = spawn(process.execPath, ['--input-type=module', '--eval', absolute], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '--disable-warning=ExperimentalWarning' },
  });
  const ended = once(child, 'close');
  if (!child.stdout || child.pid === undefined) throw new Error('the script did not start');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    pid: child.pid,
    async nextLine() {
      const next = await lines.next();
      if (next.done === true) throw new Error('the script ended without another line');
      return next.value;
    },
    async kill(signal) {
      child.kill(signal);
      await ended;
    },
  };
}
