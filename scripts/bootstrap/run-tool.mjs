import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { endSession } from './end-session.mjs';

const TAIL_CHARS = 20_000;

/**
 * Runs a program of the set-up to its end, in a session of its own, and keeps the end of what it prints.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {object} options
 * @param {string} options.cwd
 * @param {NodeJS.ProcessEnv} options.env
 * @param {AbortSignal} options.signal ends the program and all it started; the promise then rejects with its reason
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

  let ending = Promise.resolve();
  const stop = () => {
    if (child.pid) ending = endSession(child.pid);
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    const exitCode = await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, name) => resolve(code ?? 128 + (name ? constants.signals[name] : 0)));
    });
    await ending;
    signal.throwIfAborted();
    return { exitCode, output };
  } finally {
    signal.removeEventListener('abort', stop);
    onChild(null);
  }
}
