import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT_CODES } from '../../packages/local-stack/src/exit-codes.mjs';
import { SetupFault } from './setup-fault.mjs';

/** Oldest Node that can run this bootstrap: the last line with `fs.cpSync`, `AbortSignal.any` and stable `node:test` alike. */
const BOOTSTRAP_MIN = [20, 19];
/** Oldest Node that puppeteer runs on. */
const PLATFORM_MIN = [22, 12];

/** @throws SetupFault when this Node is too old even to set things up */
export function checkBootstrapNode() {
  if (isAtLeast(process.versions.node, BOOTSTRAP_MIN)) return;
  throw new SetupFault(
    EXIT_CODES.unavailable,
    `Node.js ${process.versions.node} is too old; install 20.19 or newer from https://nodejs.org and run the command again.`,
  );
}

/**
 * The Node that runs the platform: the one installed with the dependencies where its package exists (Linux), else the
 * one that runs this script.
 *
 * @param {string} rootDir
 * @returns {string} path of the program
 * @throws SetupFault when neither is new enough
 */
export function findPlatformNode(rootDir) {
  const installed = join(rootDir, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
  if (existsSync(installed)) return installed;
  if (isAtLeast(process.versions.node, PLATFORM_MIN)) return process.execPath;
  throw new SetupFault(
    EXIT_CODES.unavailable,
    `The platform needs Node.js 24 and found only ${process.versions.node}; install 24 from https://nodejs.org and run the command again.`,
  );
}

function isAtLeast(version, [majorMin, minorMin]) {
  const [major, minor] = version.split('.').map(Number);
  return major > majorMin || (major === majorMin && minor >= minorMin);
}
