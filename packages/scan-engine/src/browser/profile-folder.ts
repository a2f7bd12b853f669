import { chownSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PREFIX = 'cookie-scanner-profile-';

/**
 * Debian's Chromium blocks third-party cookies unless the profile says otherwise, in every kind of context.
 * A scanner that keeps that default reports "no third-party cookies" and is wrong.
 */
const PREFERENCES = { profile: { cookie_controls_mode: 0, block_third_party_cookies: false } };

/**
 * Makes a fresh browser profile that stores third-party cookies.
 *
 * @param owner - user and group the browser will run as; null for our own
 * @returns path of the folder; the caller removes it
 */
export async function createProfileFolder(owner: { uid: number; gid: number } | null): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`));
  const defaultProfile = join(folder, 'Default');
  const preferences = join(defaultProfile, 'Preferences');
  try {
    await mkdir(defaultProfile);
    await writeFile(preferences, JSON.stringify(PREFERENCES));
    if (owner)
      for (const path of [folder, defaultProfile, preferences]) chownSync(path, owner.uid, owner.gid);
  } catch (error) {
    await removeProfileFolder(folder).catch(() => undefined); // The sweeper of the next start gets what stays.
    throw error;
  }
  return folder;
}

/** Removes the profile folders of processes that died without doing so themselves. */
export async function sweepProfileFolders(): Promise<void> {
  const names = (await readdir(tmpdir())).filter((name) => name.startsWith(PREFIX));
  for (const name of names) {
    const pid = Number(name.slice(PREFIX.length).split('-')[0]);
    // What belongs to another user is theirs to remove.
    if (!isAlive(pid)) await removeProfileFolder(join(tmpdir(), name)).catch(() => undefined);
  }
}

/** Removes a profile folder. A browser that is still dying may write into it, so this tries a few times. */
export async function removeProfileFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM means that the process exists and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
