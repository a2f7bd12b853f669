import { readdirSync, readFileSync } from 'node:fs';

/** Size of the pages that /proc counts in; the same on every Linux that Chromium is built for by distributions. */
const PAGE_BYTES = 4_096;
/** A look at all processes costs a few milliseconds. */
const SAMPLE_INTERVAL_MS = 5_000;

/**
 * Measures the memory that a group of processes has for itself: what they share, such as their code, is left out, or
 * it would be counted once for each.
 *
 * @returns bytes; null where there is no /proc, or the group is gone
 */
export function groupMemoryBytes(groupId: number): number | null {
  let pages: number | null = null;
  for (const pid of processIds()) {
    if (groupOf(pid) !== groupId) continue;
    // size, resident and shared pages, in this order. @see man 5 proc_pid_statm
    const [, resident = 0, shared = 0] = (read(`/proc/${pid}/statm`) ?? '').split(' ').map(Number);
    pages = (pages ?? 0) + resident - shared;
  }
  return pages === null ? null : pages * PAGE_BYTES;
}

/** The same as a figure to ask often: it is taken anew only every few seconds. */
export function sampledGroupMemory(
  groupId: number,
  now: () => number = () => performance.now(),
): () => number | null {
  let sample: { readonly takenAtMs: number; readonly bytes: number | null } | null = null;
  return () => {
    if (sample === null || now() - sample.takenAtMs >= SAMPLE_INTERVAL_MS) {
      sample = { takenAtMs: now(), bytes: groupMemoryBytes(groupId) };
    }
    return sample.bytes;
  };
}

function processIds(): string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return []; // No such thing on this system.
  }
}

function groupOf(pid: string): number | null {
  const stat = read(`/proc/${pid}/stat`);
  if (stat === null) return null;
  // The name, in parentheses, may contain anything; state, parent and group follow it.
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2]);
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null; // Ended while we looked.
  }
}
