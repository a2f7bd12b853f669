import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { EXIT_CODES } from '../../packages/local-stack/src/exit-codes.mjs';
import { lockHash } from './dependencies.mjs';
import { runTool } from './run-tool.mjs';
import { SetupFault } from './setup-fault.mjs';

/** @typedef {import('./setup-context.mjs').SetupContext} SetupContext */

const ROOT_INPUTS = ['prisma', 'tsconfig.base.json', 'turbo.json', 'scripts/build-package.mjs'];
/** Made by the build itself, or of no influence on it. */
const IGNORED_NAMES = new Set(['node_modules', 'dist', 'generated', '.turbo', 'README.md']);

/** True when nothing that the build reads has changed since it last succeeded. Starting turbo to learn that takes a second. */
export function isBuildStamped(rootDir, dataDir) {
  return readStamp(dataDir) === fingerprint(rootDir) && workspaceFolders(rootDir).every(isBuilt);
}

/**
 * Builds every package and service.
 *
 * @param {SetupContext} context
 * @param {string} node program that runs the build
 * @throws SetupFault when the sources do not build; the compiler's words were printed before
 */
export async function buildAll({ rootDir, dataDir, signal, lock }, node) {
  const stampPath = join(dataDir, 'build-stamp');
  rmSync(stampPath, { force: true });
  const before = fingerprint(rootDir);
  const args = [
    join(rootDir, 'node_modules', 'turbo', 'bin', 'turbo'),
    'run',
    'build',
    '--output-logs=errors-only',
  ];
  const { exitCode, output } = await runTool(node, args, {
    cwd: rootDir,
    env: {
      ...process.env,
      PATH: [dirname(node), join(rootDir, 'node_modules', '.bin'), process.env['PATH']].join(delimiter),
      TURBO_TELEMETRY_DISABLED: '1',
      TURBO_NO_UPDATE_NOTIFIER: '1',
    },
    signal,
    onChild: (pid) => lock.setChild(pid),
  });
  if (exitCode !== 0) throw buildFault(output);
  writeFileSync(stampPath, before);
}

function buildFault(output) {
  if (/ENOSPC|No space left/i.test(output)) {
    return new SetupFault(
      EXIT_CODES.cannotWrite,
      'The disk is full; free about 1 GB and run the command again.',
    );
  }
  process.stderr.write(output);
  return new SetupFault(
    EXIT_CODES.internal,
    'The build failed; mend what the lines above name and run the command again.',
  );
}

function readStamp(dataDir) {
  const path = join(dataDir, 'build-stamp');
  return existsSync(path) ? readFileSync(path, 'utf8') : null;
}

/** Names, sizes and times of everything that the build reads. */
function fingerprint(rootDir) {
  const hash = createHash('sha256').update(`${lockHash(rootDir)} ${process.platform} ${process.arch}\n`);
  for (const path of [...ROOT_INPUTS.map((name) => join(rootDir, name)), ...workspaceFolders(rootDir)]) {
    addToHash(hash, path);
  }
  return hash.digest('hex');
}

function addToHash(hash, path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return;
  if (!stat.isDirectory()) {
    hash.update(`${path} ${stat.size} ${stat.mtimeMs}\n`);
    return;
  }
  for (const name of readdirSync(path).sort()) {
    if (!IGNORED_NAMES.has(name)) addToHash(hash, join(path, name));
  }
}

function workspaceFolders(rootDir) {
  return ['packages', 'services'].flatMap((group) =>
    readdirSync(join(rootDir, group))
      .map((name) => join(rootDir, group, name))
      .filter((folder) => existsSync(join(folder, 'package.json'))),
  );
}

/** Output of the compiler is there, and so is what was generated for it, where the sources ask for that. */
function isBuilt(folder) {
  return (
    existsSync(join(folder, 'dist')) &&
    (existsSync(join(folder, 'src', 'generated')) || !folder.endsWith('database'))
  );
}
