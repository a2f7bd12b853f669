import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, statSync, unlinkSync } from 'node:fs';
import { open, unlink } from 'node:fs/promises';
import { join } from 'node:path';

const STALE_AFTER_MS = 3_600_000;

/** Readable by the group, so that services may run as different users; never by everybody. */
export const FOLDER_MODE = 0o750;
const FILE_MODE = 0o640;

/**
 * Makes the folder for files that are being written, and removes from it what a crashed process left there more than
 * an hour ago.
 *
 * @returns its path; on the same file system as the store, so that a rename out of it is atomic
 */
export function openTemporaryFolder(dir: string): string {
  const folder = join(dir, '.tmp');
  mkdirSync(folder, { recursive: true, mode: FOLDER_MODE });
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    try {
      if (statSync(path).mtimeMs < Date.now() - STALE_AFTER_MS) unlinkSync(path);
    } catch {
      // Another process renamed or removed it in between.
    }
  }
  return folder;
}

/** Writes `bytes` to a new file in `folder` and waits until the disk has them. Leaves nothing behind when it fails. */
export async function writeDurably(folder: string, bytes: Uint8Array): Promise<string> {
  const path = join(folder, randomUUID());
  try {
    const file = await open(path, 'wx', FILE_MODE);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    await discard(path);
    throw error;
  }
  return path;
}

/** Removes a file that is not needed any more, if it is there. */
export async function discard(path: string): Promise<void> {
  // What cannot be removed now is removed by a later openTemporaryFolder.
  await unlink(path).catch(() => undefined);
}
