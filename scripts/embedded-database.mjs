// Runs a command with DATABASE_URL set to the embedded PostgreSQL of this checkout, which is started for as long as that
// takes unless it runs already. Needs a checkout that is built. scripts/setup-database.sh uses it:
//
//   node scripts/embedded-database.mjs npm run db:migrate
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  catchInterruptions,
  describeFailure,
  EXIT_CODES,
  useLocalDatabase,
} from '../packages/local-stack/dist/index.js';

const rootDir = dirname(dirname(fileURLToPath(import.meta.url)));

async function main([command, ...args]) {
  if (command === undefined) return fail('Give the command to run.', EXIT_CODES.usage);
  const { first: signal } = catchInterruptions();
  const place = { rootDir, dataDir: join(rootDir, '.cookie-scanner'), environment: process.env, signal };
  return useLocalDatabase({ ...place, onProgress: (phrase) => say(`… ${phrase}`) }, ({ databaseUrl }) =>
    run(command, args, databaseUrl, signal),
  );
}

/** Exit code of the command, which is asked to stop when we are. */
async function run(command, args, databaseUrl, signal) {
  const child = spawn(command, args, {
    stdio: 'inherit',
    env: { ...process.env, DATABASE_URL: databaseUrl },
  });
  signal.addEventListener('abort', () => child.kill('SIGTERM'), { once: true });
  const [exitCode] = await once(child, 'close');
  return exitCode ?? EXIT_CODES.internal;
}

function say(text) {
  process.stderr.write(`${text}\n`);
}

function fail(message, exitCode) {
  say(message);
  return exitCode;
}

main(process.argv.slice(2)).then(
  (exitCode) => process.exit(exitCode),
  (error) => {
    const failure = describeFailure(error);
    process.exit(fail(failure.message, failure.exitCode));
  },
);
