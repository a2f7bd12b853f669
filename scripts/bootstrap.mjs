// Every `npm run` command of the project starts here. It makes the checkout ready to run (dependencies, Node 24, build)
// and then hands over. It runs on the oldest Node that is supported, with nothing installed, so it is plain JavaScript
// without dependencies. Everything it says goes to standard error; results own standard output. package.json starts it
// with `exec`: otherwise a shell stands between npm and us, which keeps the signals that npm passes on to itself.
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EXIT_CODES } from '../packages/local-stack/src/exit-codes.mjs';
import { waitForLock } from '../packages/local-stack/src/file-lock.mjs';
import { buildAll, isBuildStamped } from './bootstrap/build.mjs';
import { areDependenciesStamped, installDependencies, needsInstallation } from './bootstrap/dependencies.mjs';
import { handOver } from './bootstrap/hand-over.mjs';
import { catchInterruption, Interrupted } from './bootstrap/interruption.mjs';
import { checkBootstrapNode, findPlatformNode } from './bootstrap/node-runtime.mjs';
import { say, showStep } from './bootstrap/progress.mjs';
import { SetupFault } from './bootstrap/setup-fault.mjs';

const rootDir = dirname(dirname(fileURLToPath(import.meta.url)));
const dataDir = join(rootDir, '.cookie-scanner');
const cli = join(rootDir, 'packages', 'cli', 'dist', 'main.js');

/** What each command hands over to; null only makes the checkout ready. */
const COMMANDS = new Map([
  ['scan', [cli, 'scan']],
  ['crawl', [cli, 'crawl']],
  ['reanalyse', [cli, 'reanalyse']],
  ['account', [cli, 'account']],
  ['audit', [cli, 'audit']],
  ['start', [cli, 'start']],
  ['test', [join(rootDir, 'packages', 'local-stack', 'dist', 'run-tests.js')]],
  ['test:chaos', [join(rootDir, 'packages', 'chaos', 'dist', 'main.js')]],
  ['check', [join(rootDir, 'scripts', 'check.mjs')]],
  ['bench', [join(rootDir, 'packages', 'bench', 'dist', 'main.js')]],
  ['build', null],
]);

async function main([command = '', ...args]) {
  const { signal, onSignal } = catchInterruption();
  if (!COMMANDS.has(command)) {
    throw new SetupFault(EXIT_CODES.usage, `Give one of these commands: ${[...COMMANDS.keys()].join(', ')}.`);
  }
  checkBootstrapNode();
  if (!isReady()) {
    refuseHopelessInput(command, args);
    await makeReady(signal);
  }
  const program = COMMANDS.get(command);
  if (!program) return EXIT_CODES.ok;
  // npm moves to the root of the checkout; paths that the user gives are relative to where the user is.
  const cwd = process.env['INIT_CWD'] ?? process.cwd();
  signal.throwIfAborted();
  return handOver(findPlatformNode(rootDir), ['--enable-source-maps', ...program, ...args], {
    cwd,
    dataDir,
    onSignal,
  });
}

function isReady() {
  return areDependenciesStamped(rootDir) && isBuildStamped(rootDir, dataDir);
}

async function makeReady(signal) {
  mkdirSync(dataDir, { recursive: true });
  const lock = await waitForLock(join(dataDir, 'setup.lock'), {
    signal,
    onWait: (pid) => say(`… Waiting for the set-up that process ${pid} is doing`),
  });
  try {
    const context = { rootDir, dataDir, signal, lock };
    if (needsInstallation(rootDir)) {
      await showStep('Installing dependencies (once, a minute or two)', () => installDependencies(context));
    } else if (!areDependenciesStamped(rootDir)) {
      await installDependencies(context);
    }
    const node = findPlatformNode(rootDir);
    if (!isBuildStamped(rootDir, dataDir)) await showStep('Building', () => buildAll(context, node));
  } finally {
    lock.release();
  }
}

/** Spares the user a minute of set-up that would end in "this is not a URL". The command itself checks properly. */
function refuseHopelessInput(command, args) {
  if (command !== 'scan' || args.some((arg) => URL.canParse(arg) || arg === '--help' || arg === '-h')) return;
  throw new SetupFault(
    EXIT_CODES.usage,
    'Give the full URL of the site to scan, such as: npm run scan -- https://example.com',
  );
}

function exitCodeOf(error) {
  if (error instanceof Interrupted) {
    say('Interrupted; nothing is left running.');
    return error.exitCode;
  }
  if (error instanceof SetupFault) {
    say(error.message);
    return error.exitCode;
  }
  if (error.code === 'ENOSPC' || error.code === 'EDQUOT') {
    say('The disk is full; free about 1 GB and run the command again.');
    return EXIT_CODES.cannotWrite;
  }
  if (error.code === 'EACCES' || error.code === 'EROFS' || error.code === 'EPERM') {
    say(`${error.path ?? rootDir} cannot be written; make the checkout yours and run the command again.`);
    return EXIT_CODES.cannotWrite;
  }
  say(`The set-up failed: ${error.message}. Please report this; LOG_LEVEL=debug shows where.`);
  if (process.env['LOG_LEVEL'] === 'debug') say(error.stack ?? '');
  return EXIT_CODES.internal;
}

main(process.argv.slice(2)).then(
  (exitCode) => process.exit(exitCode),
  (error) => process.exit(exitCodeOf(error)),
);
