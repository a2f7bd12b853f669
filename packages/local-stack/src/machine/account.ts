import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { AppError } from '@cookie-scanner/errors';
import { runCommand } from './run-command.ts';

/** A user of the operating system. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** True when we are the superuser, whom PostgreSQL refuses to run as. */
export function isSuperuser(): boolean {
  return process.getuid?.() === 0;
}

/** An account of this name; null when there is none. */
export async function findAccount(name: string): Promise<Account | null> {
  const [uid, gid] = await Promise.all([runCommand('id', ['-u', name]), runCommand('id', ['-g', name])]);
  if (uid.exitCode !== 0 || gid.exitCode !== 0) return null;
  return { name, uid: Number(uid.output), gid: Number(gid.output) };
}

/**
 * Makes a system account that nobody can log in to, without a home folder.
 *
 * @throws AppError MACHINE_NOT_READY when this system does not let us
 */
export async function createAccount(name: string): Promise<Account> {
  await runCommand('groupadd', ['--system', name]);
  const args = [
    '--system',
    '--gid',
    name,
    '--no-create-home',
    '--home-dir',
    '/nonexistent',
    '--shell',
    '/usr/sbin/nologin',
  ];
  const { exitCode, output } = await runCommand('useradd', [...args, name]);
  const account = await findAccount(name);
  if (account) return account;
  const message = `PostgreSQL does not run as root and the user "${name}" could not be made; make it (useradd ${name}) or run the command as another user.`;
  throw new AppError('MACHINE_NOT_READY', message, { exitCode, output });
}

/** True when this account can reach a folder: every folder above it lets the account through. Folders not made yet count as reachable. */
export function canReach(path: string, account: Account): boolean {
  for (let current = resolve(path); ; current = dirname(current)) {
    if (!canEnter(current, account)) return false;
    if (current === dirname(current)) return true;
  }
}

function canEnter(path: string, account: Account): boolean {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return true;
  if (stat.uid === account.uid) return (stat.mode & 0o100) !== 0;
  if (stat.gid === account.gid) return (stat.mode & 0o010) !== 0;
  return (stat.mode & 0o001) !== 0;
}
