import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/** What npm and turbo leave half done is done again from the start, so they need no long time to end. */
const KILL_AFTER_MS = 2_000;
const TAIL_CHARS = 20_000;

/**
 * Runs a program of the set-up to its end, in a process group of its own, and keeps the end of what it prints.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {object} options
 * @param {string} options.cwd
 * @param {NodeJS.ProcessEnv} options.env
 * @param {AbortSignal} options.signal ends the whole group; the promise then rejects with its reason
 * @param {(pid: number | null) => void} options.onChild told when the program starts and, with null, when it ended
 * @returns {Promise<{ exitCode: number, output: string }>} both streams together, the last 20,000 characters
 * @throws Error with the code of `spawn` (such as ENOENT) when the program cannot be started
 */
export async function runTool(command, args, { cwd, env, signal, onChild }) {
  signal.throwIfAborted();
  const child = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => (output = (output + text).slice(-TAIL_CHARS)));
  }
  if (child.pid) onChild(child.pid);

  let killTimer;
  const stop = () => {
    signalGroup(child.pid, 'SIGTERM');
    killTimer = setTimeout(() => signalGroup(child.pid, 'SIGKILL'), KILL_AFTER_MS);
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    const exitCode = await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, name) => resolve(code ?? 128 + (name ? constants.signals[name] : 0)));
    });
    signal.throwIfAborted();
    return { exitCode, output };
  } finally {
    signal.removeEventListener('abort', stop);
    clearTimeout(killTimer);
    onChild(null);
  }
}

/** @param {number | undefined} pid @param {NodeJS.Signals} signal */
function signalGroup(pid, signal) {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // The group ended in the meantime.
  }
}
