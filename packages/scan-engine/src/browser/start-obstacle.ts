import { statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { processLimits } from '../process-limits.ts';

/** What a browser writes into its profile folder before it shows anything, and some more. */
const ROOM_MIN_BYTES = 30_000_000;
/** A browser with one page has this many threads and files, roughly. */
const PROCESSES_MIN = 300;
const OPEN_FILES_MIN = 512;

/**
 * Looks for what may have kept a browser from starting and may pass: no room, no more processes, no more files. Asked after
 * a start that failed; on a machine that is well it finds nothing.
 *
 * @returns the rest of a sentence that says what is wrong and what to do; null when there is no sign of such a thing
 */
export function startObstacle(error: unknown): string | null {
  const codes = codesOf(error);
  if (codes.has('ENOSPC') || codes.has('EDQUOT') || roomBytes(tmpdir()) < ROOM_MIN_BYTES)
    return `There is no room for its profile in ${tmpdir()}: make room there, or set TMPDIR to another folder.`;
  const { openFilesMax, processesMax } = processLimits();
  if (codes.has('EMFILE') || codes.has('ENFILE') || openFilesMax < OPEN_FILES_MIN)
    return `This process and what it starts may open ${numberText(openFilesMax)} files each, which is too few: raise that limit (ulimit -n).`;
  if (codes.has('EAGAIN') || codes.has('ENOMEM') || processesMax < PROCESSES_MIN)
    return `The browser's user may have ${numberText(processesMax)} processes and threads, which is too few: raise that limit (ulimit -u).`;
  return null;
}

/** Codes of system calls that failed, of an error and of what caused it. */
function codesOf(error: unknown): ReadonlySet<unknown> {
  const codes = new Set<unknown>();
  for (let each = error; each instanceof Error; each = each.cause) if ('code' in each) codes.add(each.code);
  return codes;
}

function roomBytes(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return Infinity; // Nobody can say; what is wrong with it then is no lack of room.
  }
}

function numberText(limit: number): string {
  return Number.isFinite(limit) ? String(limit) : 'any number of';
}
