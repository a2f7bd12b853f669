import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '@cookie-scanner/local-stack';

/** A server in a process of its own. */
export interface StartedServer {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

const START_ATTEMPTS = 600;
const BETWEEN_ATTEMPTS_MS = 100;

/**
 * Starts a program that listens on the port of `GATEWAY_PORT`, and waits until it answers.
 *
 * @throws Error when it ends before
 */
export async function startServer(script: string, settings: Record<string, string>): Promise<StartedServer> {
  const port = await freePort();
  const child = spawn(process.execPath, [script], {
    env: { PATH: process.env['PATH'], NODE_ENV: 'development', ...settings, GATEWAY_PORT: String(port) },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const url = `http://127.0.0.1:${port}`;
  for (let attempt = 0; attempt < START_ATTEMPTS && child.exitCode === null; attempt += 1) {
    const isUp = await fetch(`${url}/health/live`).then(
      () => true,
      () => false,
    );
    if (isUp && child.pid !== undefined) return { url, pid: child.pid, stop: () => stop(child) };
    await delay(BETWEEN_ATTEMPTS_MS);
  }
  child.kill('SIGKILL');
  throw new Error(`${script} did not start`);
}

async function stop(child: ReturnType<typeof spawn>): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}
