import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { EXIT_CODES } from '../../packages/local-stack/src/exit-codes.mjs';
import { runTool } from './run-tool.mjs';
import { SetupFault } from './setup-fault.mjs';

/** @typedef {import('./setup-context.mjs').SetupContext} SetupContext */

/** True when what is installed is what the lock file asks for, by the stamp of the last installation. */
export function areDependenciesStamped(rootDir) {
  return readIfPresent(stampPath(rootDir)) === lockHash(rootDir);
}

/**
 * Brings node_modules to what package-lock.json says. An installation that somebody made by hand and that fits is kept.
 *
 * @param {SetupContext} context
 * @throws SetupFault when npm fails
 */
export async function installDependencies(context) {
  if (!doesInstallationFit(context.rootDir)) await runNpmCi(context);
  writeFileSync(stampPath(context.rootDir), lockHash(context.rootDir));
}

/** True when node_modules needs `npm ci` before anything can be built. */
export function needsInstallation(rootDir) {
  return !areDependenciesStamped(rootDir) && !doesInstallationFit(rootDir);
}

/** Identifies the dependencies: whatever is built with others must be built again. */
export function lockHash(rootDir) {
  return createHash('sha256')
    .update(readFileSync(join(rootDir, 'package-lock.json')))
    .digest('hex');
}

function stampPath(rootDir) {
  return join(rootDir, 'node_modules', '.cookie-scanner-stamp');
}

/** Compares npm's own record of what it installed with the lock file. */
function doesInstallationFit(rootDir) {
  const recordText = readIfPresent(join(rootDir, 'node_modules', '.package-lock.json'));
  if (recordText === null) return false;
  const installed = JSON.parse(recordText).packages;
  const wanted = JSON.parse(readFileSync(join(rootDir, 'package-lock.json'), 'utf8')).packages;
  const isWanted = ([path, entry]) => isSameEntry(entry, wanted[path]);
  const isInstalled = ([path, entry]) => {
    const isOutsideNodeModules = !path.startsWith('node_modules/');
    return isOutsideNodeModules || entry.optional || entry.peer || isSameEntry(entry, installed[path]);
  };
  return Object.entries(installed).every(isWanted) && Object.entries(wanted).every(isInstalled);
}

function isSameEntry(a, b) {
  return a !== undefined && b !== undefined && a.version === b.version && a.integrity === b.integrity;
}

async function runNpmCi({ rootDir, dataDir, signal, lock }) {
  const { command, args } = npmCommand();
  // Nothing we use needs its install script: the platform finds its browser and links its database itself, and
  // scripts that download would fail on a closed network.
  const quiet = ['--loglevel=error', '--no-audit', '--no-fund'];
  // npm's own pauses add up to two minutes before it says that there is no network.
  const patience = ['--fetch-retries=3', '--fetch-retry-mintimeout=2000', '--fetch-retry-maxtimeout=10000'];
  const result = await runTool(command, [...args, 'ci', '--ignore-scripts', ...quiet, ...patience], {
    cwd: rootDir,
    env: { ...process.env, npm_config_loglevel: 'error' },
    signal,
    onChild: (pid) => lock.setChild(pid),
  }).catch((error) => {
    if (error.code !== 'ENOENT') throw error;
    throw new SetupFault(
      EXIT_CODES.unavailable,
      'npm was not found; install Node.js with npm from https://nodejs.org and try again.',
    );
  });
  if (result.exitCode === 0) return;

  const logPath = join(dataDir, 'logs', 'npm.log');
  mkdirSync(dirname(logPath), { recursive: true });
  writeFileSync(logPath, result.output);
  throw npmFault(result.output, logPath);
}

function npmFault(output, logPath) {
  if (/ENOSPC|EDQUOT/.test(output)) {
    return new SetupFault(
      EXIT_CODES.cannotWrite,
      'The disk is full; free about 1 GB and run the command again.',
    );
  }
  if (/EACCES|EPERM|EROFS/.test(output)) {
    return new SetupFault(
      EXIT_CODES.cannotWrite,
      `npm may not write to this folder; make the checkout yours and run the command again (details: ${logPath}).`,
    );
  }
  if (
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|network/i.test(
      output,
    )
  ) {
    return new SetupFault(
      EXIT_CODES.unavailable,
      `npm could not reach its registry; check the network (or npm's proxy and registry settings) and run the command again (details: ${logPath}).`,
    );
  }
  return new SetupFault(
    EXIT_CODES.unavailable,
    `npm could not install the dependencies; ${logPath} says why, mend that and run the command again.`,
  );
}

/**
 * npm, started by a Node that `npm ci` does not delete while it works: inside an npm script, PATH leads to the one in
 * node_modules.
 */
function npmCommand() {
  const npmScript = process.env['npm_execpath'];
  const node = nodeOutsideNodeModules();
  return npmScript?.endsWith('.js') && existsSync(npmScript) && node
    ? { command: node, args: [npmScript] }
    : { command: 'npm', args: [] };
}

function nodeOutsideNodeModules() {
  const folders = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'node'));
  return [process.execPath, process.env['npm_node_execpath'] ?? '', ...folders].find(
    (path) => path !== '' && !path.includes(`${'node_modules'}/`) && existsSync(path),
  );
}

function readIfPresent(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}
