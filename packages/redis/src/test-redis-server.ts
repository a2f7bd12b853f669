import { spawn, type ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Redis } from 'ioredis';

/** A Redis of its own, for tests that take it away. */
export interface TestRedisServer {
  readonly url: string;
  /** Where it keeps its data. */
  readonly folder: string;
  /** Kills it, as a power cut would; what it acknowledged stays on disk. */
  kill(): Promise<void>;
  /** Lets it stand still: it accepts connections and answers nothing. */
  pause(): void;
  /** Lets a paused one go on, with all that it was sent meanwhile. */
  resume(): void;
  /** Starts it again on the same port with what was on disk, unless it runs. */
  start(): Promise<void>;
  /** Kills it and deletes its files. */
  close(): Promise<void>;
}

/**
 * Starts a Redis server on a free port with an append-only file, as in production.
 *
 * @param extraArguments - such as `--maxmemory-policy allkeys-lru`; policy `noeviction` unless told
 * @throws Error when no redis-server can be found
 */
export async function startTestRedisServer(extraArguments: readonly string[] = []): Promise<TestRedisServer> {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'test-redis-'));
  const executable = await findExecutable();
  let server: ChildProcess | undefined;

  const isRunning = (): boolean =>
    server !== undefined && server.exitCode === null && server.signalCode === null;

  async function start(): Promise<void> {
    if (isRunning()) return;
    const options = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', ''];
    const durability = ['--appendonly', 'yes', '--maxmemory-policy', 'noeviction'];
    const child = spawn(executable, [...options, ...durability, ...extraArguments], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    server = child;
    for await (const line of createInterface({ input: child.stdout })) {
      if (line.includes('Ready to accept connections')) return void child.stdout.resume();
    }
    throw new Error(`redis-server on port ${port} ended before it was ready`);
  }

  async function kill(): Promise<void> {
    if (!server || !isRunning()) return;
    const ended = once(server, 'exit');
    server.kill('SIGKILL');
    await ended;
  }

  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    folder,
    start,
    kill,
    pause: () => void server?.kill('SIGSTOP'),
    resume: () => void server?.kill('SIGCONT'),
    async close() {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Not of the ports that the system gives to whoever asks: another test would get it while this server is down. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_768);
    const probe = createServer().listen(port, '127.0.0.1');
    try {
      await once(probe, 'listening');
      return port;
    } catch {
      // Taken: another one.
    } finally {
      probe.close();
    }
  }
}

/** The `redis-server` of PATH, else the one that the running test server was started from. */
async function findExecutable(): Promise<string> {
  if (await isExecutable('redis-server')) return 'redis-server';
  const redis = new Redis(process.env['TEST_REDIS_URL'] ?? 'redis://127.0.0.1:6379');
  try {
    const path = /^executable:(\S+)/m.exec(await redis.info('server'))?.[1];
    if (path && (await isExecutable(path))) return path;
  } finally {
    redis.disconnect();
  }
  throw new Error('no redis-server found; install it or run the tests with npm test');
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    const exit: unknown[] = await once(spawn(path, ['--version'], { stdio: 'ignore' }), 'exit');
    return exit[0] === 0;
  } catch {
    // `once` rejects with ENOENT when there is no such file.
    return false;
  }
}
