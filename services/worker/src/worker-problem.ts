import { openFilesLeft, processLimits } from '@cookie-scanner/scan-engine';
import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';

/** Connections, files and a browser's pipes of one scan fit in. */
const OPEN_FILES_LEFT_MIN = 64;
/** Profiles of browsers and what they download to show it. */
const ROOM_MIN_BYTES = 50_000_000;

/** Counting open files costs reading a folder, so it is not done for every scan. */
const COUNTED_FOR_MS = 1_000;
let counted = { left: Number.POSITIVE_INFINITY, atMs: Number.NEGATIVE_INFINITY };

/** Why this process has too few files left to run a scan; null when it has enough. At most a second old. */
export function openFilesProblem(): string | null {
  const nowMs = performance.now();
  if (nowMs - counted.atMs > COUNTED_FOR_MS) counted = { left: openFilesLeft(), atMs: nowMs };
  const { left } = counted;
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
