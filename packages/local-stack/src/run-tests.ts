// `npm test`: runs every test, or those named by the arguments, against a PostgreSQL and a Redis of its own.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeFailure } from './describe-failure.ts';
import { catchInterruptions, Interruption } from './interruption.ts';
import { startTestServers, type TestServers } from './test-servers/start-test-servers.ts';

const rootDir = fileURLToPath(new URL('../../..', import.meta.url));

async function main(args: readonly string[]): Promise<number> {
  const interruptions = catchInterruptions();
  const servers = await startTestServers({
    rootDir,
    environment: process.env,
    announce: (phrase) => say(`… ${phrase}`),
    signal: interruptions.first,
  });
  try {
    interruptions.first.throwIfAborted();
    return await runJest(args, servers, interruptions.first);
  } finally {
    await servers.stop();
  }
}

async function runJest(args: readonly string[], servers: TestServers, signal: AbortSignal): Promise<number> {
  const jest = join(rootDir, 'node_modules', 'jest', 'bin', 'jest.js');
  const child = spawn(process.execPath, [jest, '--rootDir', rootDir, ...args], {
    cwd: rootDir,
    stdio: 'inherit',
    env: {
      ...process.env,
      NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning',
      TEST_DATABASE_URL: servers.databaseUrl,
      TEST_REDIS_URL: servers.redisUrl,
    },
  });
  if (child.pid !== undefined) servers.watchOver('jest', child.pid);
  const stop = (): void => void child.kill('SIGTERM');
  signal.addEventListener('abort', stop, { once: true });
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  signal.throwIfAborted();
  return exitCode ?? 1;
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

main(process.argv.slice(2)).then(
  (exitCode) => process.exit(exitCode),
  (error: unknown) => {
    if (error instanceof Interruption) process.exit(error.exitCode);
    const failure = describeFailure(error);
    say(failure.message);
    if (process.env['LOG_LEVEL'] === 'debug' && error instanceof Error) say(error.stack ?? '');
    process.exit(failure.exitCode);
  },
);
