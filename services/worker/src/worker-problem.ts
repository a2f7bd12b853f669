import { openFilesLeft, processLimits } from '@cookie-scanner/scan-engine';
import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';

/** Connections, files and a browser's pipes of one scan fit in. */
const OPEN_FILES_LEFT_MIN = 64;
/** Profiles of browsers and what they download to show it. */
const ROOM_MIN_BYTES = 50_000_000;

/** Why this process has too few files left to run a scan; null when it has enough. */
export function openFilesProblem(): string | null {
  const left = openFilesLeft();
  if (left >= OPEN_FILES_LEFT_MIN) return null;
  const { openFilesMax } = processLimits();
  return `only ${Math.max(0, left)} of ${openFilesMax} files may still be opened; raise that limit (ulimit -n)`;
}

/**
 * Resolves when there is room for profiles of browsers.
 *
 * @throws Error that says where there is none
 */
export async function checkTemporaryRoom(folder = tmpdir()): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize < ROOM_MIN_BYTES)
    throw new Error(`there is no room left in ${folder}; make some, or set TMPDIR to another folder`);
}
