// Runs a command with DATABASE_URL set to the embedded PostgreSQL of this checkout: starts it, runs the command, stops
// it. Needs a checkout that is built. scripts/setup-database.sh uses it:
//
//   node scripts/embedded-database.mjs npm run db:migrate
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  catchInterruptions,
  describeFailure,
  EXIT_CODES,
  tryLock,
} from '../packages/local-stack/dist/index.js';
import { startPostgres } from '../packages/local-stack/dist/postgres/start-postgres.js';
import { openLedger } from '../packages/local-stack/dist/programs/ledger.js';
import { startGuardian } from '../packages/local-stack/dist/programs/start-guardian.js';
import { sweepLedger } from '../packages/local-stack/dist/programs/sweep.js';

const dataDir = join(dirname(dirname(fileURLToPath(import.meta.url))), '.cookie-scanner');
const ledgerPath = join(dataDir, 'stack.json');
const lockPath = join(dataDir, 'stack.lock');

async function main([command, ...args]) {
  if (command === undefined) return fail('Give the command to run.', EXIT_CODES.usage);
  const { first: signal } = catchInterruptions();
  mkdirSync(dataDir, { recursive: true });
  const lock = await tryLock(lockPath);
  if (!lock) {
    const holder = 'The platform of this checkout is running and uses its database';
    return fail(`${holder}; stop it, then run this again.`, EXIT_CODES.unavailable);
  }
  await sweepLedger(ledgerPath);
  const ledger = openLedger(ledgerPath);
  // Ends PostgreSQL when this process is killed.
  const guardian = startGuardian(ledgerPath, lockPath);
  try {
    const { url, program } = await startPostgres({
      folder: join(dataDir, 'postgres'),
      logPath: join(dataDir, 'logs', 'postgresql.log'),
      isEphemeral: false,
      ledger,
      announce: (phrase) => say(`… ${phrase}`),
      signal,
    });
    try {
      return await run(command, args, url, signal);
    } finally {
      await program.stop();
    }
  } finally {
    ledger.close();
    await guardian.dismiss();
    lock.release();
  }
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
