import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '@cookie-scanner/errors';
import type { Announce } from '../announce.ts';
import { apt, canInstallWithApt, hasApt, installWithApt } from '../machine/apt.ts';
import { findProgram, isExecutableFile } from '../machine/find-program.ts';
import { runCommand } from '../machine/run-command.ts';

/** A Redis server that can be started. */
export interface RedisProgram {
  readonly command: string;
  /** Environment it needs beyond ours. */
  readonly env: NodeJS.ProcessEnv;
}

/** Valkey is the Redis of several Linuxes by now, and speaks the same language. */
const SERVER_NAMES = ['redis-server', 'valkey-server'];
const DEBIAN_PACKAGE = 'redis-server';

/**
 * Finds a Redis server: an installed one, else one that was unpacked here before, else it installs Debian's for the
 * system where we may, else it unpacks Debian's into `unpackFolder`.
 *
 * @throws AppError MACHINE_NOT_READY naming the command to run on this system
 */
export async function findOrInstallRedis(
  searchPath: string,
  unpackFolder: string,
  announce: Announce,
): Promise<RedisProgram> {
  const found = findInstalled(searchPath) ?? findUnpacked(unpackFolder);
  if (found) return found;
  if (canInstallWithApt()) {
    await installWithApt([DEBIAN_PACKAGE], announce);
    await stopSystemService();
  } else if (hasApt()) {
    await unpackDebianRedis(unpackFolder, announce);
  }
  const installed = findInstalled(searchPath) ?? findUnpacked(unpackFolder);
  if (installed) return installed;
  throw new AppError(
    'MACHINE_NOT_READY',
    `Redis was not found; install it (${installHint()}), or name a running server in REDIS_URL.`,
  );
}

function findInstalled(searchPath: string): RedisProgram | null {
  const command = findProgram(SERVER_NAMES, searchPath);
  return command === null ? null : { command, env: {} };
}

function findUnpacked(folder: string): RedisProgram | null {
  const command = join(folder, 'usr', 'bin', DEBIAN_PACKAGE);
  if (!isExecutableFile(command)) return null;
  const libraries = ['usr/lib', 'lib'].flatMap((name) => libraryFolders(join(folder, name)));
  return { command, env: { LD_LIBRARY_PATH: libraries.join(':') } };
}

/** Debian keeps libraries in folders named after the kind of machine, such as x86_64-linux-gnu. */
function libraryFolders(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.includes('-linux-'))
    .map((name) => join(folder, name));
}

/** Debian's package starts a server of its own, which nobody asked for. */
async function stopSystemService(): Promise<void> {
  if (existsSync('/run/systemd/system')) {
    await runCommand('systemctl', ['disable', '--now', 'redis-server']);
  } else {
    await runCommand('service', ['redis-server', 'stop']);
    await runCommand('update-rc.d', ['redis-server', 'disable']);
  }
}

/** Unpacks Redis and the libraries it needs that are not installed, without being root. */
async function unpackDebianRedis(folder: string, announce: Announce): Promise<void> {
  announce('Fetching Redis from Debian into this checkout');
  const plan = await apt(['install', '--simulate', '-q', '--no-install-recommends', DEBIAN_PACKAGE]);
  const names = [...plan.output.matchAll(/^Inst (\S+)/gm)].map((match) => match[1] ?? '');
  if (plan.exitCode !== 0 || names.length === 0) return;

  const draft = `${folder}.draft`;
  await runCommand('rm', ['-rf', draft]);
  await runCommand('mkdir', ['-p', draft]);
  const download = await apt(['download', '-q', ...names], draft);
  if (download.exitCode !== 0) return;
  for (const file of readdirSync(draft).filter((name) => name.endsWith('.deb'))) {
    await runCommand('dpkg', ['-x', file, '.'], { cwd: draft });
  }
  await runCommand('rm', ['-rf', folder]);
  await runCommand('mv', [draft, folder]);
}

function installHint(): string {
  if (process.platform === 'darwin') return 'brew install redis';
  if (hasApt()) return 'sudo apt-get update && sudo apt-get install redis-server';
  if (existsSync('/usr/bin/dnf')) return 'sudo dnf install redis';
  if (existsSync('/usr/bin/pacman')) return 'sudo pacman -S redis';
  if (existsSync('/sbin/apk')) return 'apk add redis';
  return "your system's package redis";
}
