import { afterEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createProfileFolder, removeProfileFolder, sweepProfileFolders } from './profile-folder.ts';

const made: string[] = [];
afterEach(async () => {
  for (const folder of made.splice(0)) await rm(folder, { recursive: true, force: true });
});

/** A profile folder as a process of this id would have left it behind. */
async function leaveBehind(pid: number | string): Promise<string> {
  const folder = join(tmpdir(), `cookie-scanner-profile-${pid}-test${made.length}`);
  await mkdir(join(folder, 'Default'), { recursive: true });
  await writeFile(join(folder, 'Default', 'Cookies'), 'left behind');
  made.push(folder);
  return folder;
}

/** Id of a process that was just alive and is not any more. */
async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await once(child, 'exit');
  if (child.pid === undefined) throw new Error('the process did not start');
  return child.pid;
}

describe('a profile folder', () => {
  it('belongs to this process and lets third-party cookies in', async () => {
    const folder = await createProfileFolder(null);
    made.push(folder);
    expect(folder).toContain(`cookie-scanner-profile-${process.pid}-`);
    const preferences: unknown = JSON.parse(await readFile(join(folder, 'Default', 'Preferences'), 'utf8'));
    expect(preferences).toMatchObject({
      profile: { cookie_controls_mode: 0, block_third_party_cookies: false },
    });
  });

  it('is never shared', async () => {
    const folders = [await createProfileFolder(null), await createProfileFolder(null)];
    made.push(...folders);
    expect(new Set(folders).size).toBe(2);
  });

  it('is removed with everything in it, and a second time without complaint', async () => {
    const folder = await createProfileFolder(null);
    await removeProfileFolder(folder);
    expect(existsSync(folder)).toBe(false);
    await removeProfileFolder(folder);
  });
});

describe('sweeping', () => {
  it('removes the folders of dead processes, and only those', async () => {
    const [dead, own, alive] = [
      await leaveBehind(await deadPid()),
      await leaveBehind(process.pid),
      await leaveBehind(process.ppid),
    ];
    await sweepProfileFolders();
    expect(existsSync(dead)).toBe(false);
    expect(existsSync(own)).toBe(true);
    expect(existsSync(alive)).toBe(true);
  });

  it('leaves the folders of others alone', async () => {
    const other = join(tmpdir(), `cookie-scanner-other-${await deadPid()}-x`);
    await mkdir(other);
    made.push(other);
    await sweepProfileFolders();
    expect(existsSync(other)).toBe(true);
  });

  it('may be done by several processes at once', async () => {
    const dead = await leaveBehind(await deadPid());
    await Promise.all([sweepProfileFolders(), sweepProfileFolders(), sweepProfileFolders()]);
    expect(existsSync(dead)).toBe(false);
  });
});
