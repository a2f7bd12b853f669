import { existsSync } from 'node:fs';
import { AppError } from '@cookie-scanner/errors';
import type { Announce } from '../announce.ts';
import { isSuperuser } from './account.ts';
import { diskFault } from './disk-fault.ts';
import { runCommand, type CommandResult } from './run-command.ts';

const ENVIRONMENT = { DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' };
/** Waits for another apt or dpkg that is at work. */
const LOCK_OPTION = ['-o', 'DPkg::Lock::Timeout=300'];
const HEARTBEAT_MS = 10_000;

/** True on Debian and its relatives. */
export function hasApt(): boolean {
  return existsSync('/usr/bin/apt-get');
}

/** True when packages can be installed for the whole system. */
export function canInstallWithApt(): boolean {
  return hasApt() && isSuperuser();
}

/**
 * Installs Debian packages for the whole system, with nothing that they merely recommend. Lists of packages that are
 * missing or old are fetched first.
 *
 * @throws AppError MACHINE_NOT_READY with apt's own reason
 * @throws AppError DISK_NOT_WRITABLE
 */
export async function installWithApt(packages: readonly string[], announce: Announce): Promise<void> {
  const heartbeat = setInterval(
    () => announce(`Still installing ${packages.join(', ')} with apt`),
    HEARTBEAT_MS,
  );
  try {
    announce(`Installing ${packages.join(', ')} with apt`);
    const first = await install(packages);
    if (first.exitCode === 0) return;
    announce('Fetching the lists of packages with apt');
    await apt(['update', '-q']);
    const second = await install(packages);
    if (second.exitCode !== 0) throw aptFault(packages, second.output);
  } finally {
    clearInterval(heartbeat);
  }
}

/** Runs apt-get, waiting for another one that is at work. Never rejects. */
export async function apt(args: readonly string[], cwd?: string): Promise<CommandResult> {
  const env = { ...process.env, ...ENVIRONMENT };
  return runCommand('apt-get', [...LOCK_OPTION, ...args], cwd === undefined ? { env } : { env, cwd });
}

async function install(packages: readonly string[]): Promise<CommandResult> {
  return apt(['install', '-y', '-q', '--no-install-recommends', ...packages]);
}

function aptFault(packages: readonly string[], output: string): AppError {
  const reason = /^E: (.*)$/m.exec(output)?.[1] ?? 'no reason given';
  const command = `apt-get update && apt-get install --no-install-recommends ${packages.join(' ')}`;
  const message = `apt could not install ${packages.join(' and ')} (${reason}); run "${command}" yourself and then the command again.`;
  return (
    diskFault(null, output) ?? new AppError('MACHINE_NOT_READY', message, { output: output.slice(-4_000) })
  );
}
