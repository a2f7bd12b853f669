import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '@cookie-scanner/errors';
import { silentLogger } from '@cookie-scanner/observability';
import { openRedis } from '@cookie-scanner/redis';
import { diskFault } from '../machine/disk-fault.ts';
import { freePort } from '../machine/ports.ts';
import type { Ledger } from '../programs/ledger.ts';
import { startProgram, type Program } from '../programs/start-program.ts';
import type { StartedServer } from '../programs/started-server.ts';
import type { RedisProgram } from './find-redis.ts';

const START_ATTEMPTS_MAX = 5;
const READY_TIMEOUT_MS = 15_000;
const POLL_MS = 20;
const STOP_GRACE_MS = 5_000;

interface StartRedisOptions {
  readonly redis: RedisProgram;
  /** Its working folder; nothing is written there. */
  readonly folder: string;
  readonly logPath: string;
  readonly ledger: Ledger;
  readonly signal: AbortSignal;
}

/**
 * Starts a Redis on a free port of loopback, with a password of its own. It keeps nothing on disk: PostgreSQL is the
 * truth, and whatever Redis forgets is offered again. Resolves when it answers.
 *
 * @throws AppError STACK_FAILED, DISK_NOT_WRITABLE
 */
export async function startRedis(options: StartRedisOptions): Promise<StartedServer> {
  mkdirSync(options.folder, { recursive: true });
  for (let attempt = 1; ; attempt += 1) {
    options.signal.throwIfAborted();
    const port = await freePort();
    const password = randomBytes(24).toString('hex');
    const program = await spawnServer(options, port, password);
    const url = `redis://:${password}@127.0.0.1:${port}`;
    if (await waitUntilReady(program, url, options.signal)) return { url, program };
    const words = program.logTail();
    await program.stop();
    options.signal.throwIfAborted();
    if (attempt === START_ATTEMPTS_MAX || !words.includes('Address already in use')) {
      const message = `Redis did not start; ${program.logPath} says why.`;
      throw diskFault(null, words) ?? new AppError('STACK_FAILED', message);
    }
  }
}

async function spawnServer(
  { redis, folder, logPath, ledger }: StartRedisOptions,
  port: number,
  password: string,
): Promise<Program> {
  // The settings come over standard input, so that the password is not in the list of processes.
  const settings = [
    'bind 127.0.0.1',
    `port ${port}`,
    `requirepass ${password}`,
    'save ""',
    'appendonly no',
    'maxmemory-policy noeviction',
    'daemonize no',
    `dir "${folder}"`,
  ];
  return startProgram({
    name: 'redis',
    command: redis.command,
    args: ['-'],
    cwd: folder,
    env: { ...process.env, ...redis.env },
    logPath,
    account: null,
    input: `${settings.join('\n')}\n`,
    stopSignal: 'SIGTERM',
    graceMs: STOP_GRACE_MS,
    ledger,
  });
}

async function waitUntilReady(program: Program, url: string, signal: AbortSignal): Promise<boolean> {
  const redis = openRedis({ url, prefix: 'readiness', logger: silentLogger });
  const deadline = performance.now() + READY_TIMEOUT_MS;
  try {
    while (program.isAlive() && performance.now() < deadline && !signal.aborted) {
      const { ok } = await redis.health();
      if (ok) return true;
      await delay(POLL_MS);
    }
    return false;
  } finally {
    await redis.close();
  }
}
