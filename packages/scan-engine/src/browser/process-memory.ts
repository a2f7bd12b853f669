import { readdirSync, readFileSync } from 'node:fs';

/** Size of the pages that /proc counts in; the same on every Linux that Chromium is built for by distributions. */
const PAGE_BYTES = 4_096;
/** A look at all processes costs a few milliseconds. */
const SAMPLE_INTERVAL_MS = 5_000;

/** Memory that one process has for itself. */
export interface ProcessMemory {
  readonly pid: number;
  readonly bytes: number;
}

/**
 * Measures the memory that each process of a group has for itself: what they share, such as their code, is left out, or
 * it would be counted once for each.
 *
 * @returns a function that looks now; it remembers which processes are of the group, so that looking often costs little
 */
export function groupProcesses(groupId: number): () => ProcessMemory[] {
  let known = new Map<string, boolean>();
  return () => {
    const before = known;
    known = new Map();
    return processIds().flatMap((pid) => {
      const isMember = before.get(pid) ?? groupOf(pid) === groupId;
      known.set(pid, isMember);
      if (!isMember) return [];
      // size, resident and shared pages, in this order. @see man 5 proc_pid_statm
      const [, resident, shared] = (read(`/proc/${pid}/statm`) ?? '').split(' ').map(Number);
      // A process that has ended and was not buried yet has nothing.
      if (resident === undefined || shared === undefined || resident === 0) return [];
      return [{ pid: Number(pid), bytes: (resident - shared) * PAGE_BYTES }];
    });
  };
}

/**
 * The memory of a whole group.
 *
 * @returns bytes; null where there is no /proc, or the group is gone
 */
export function groupMemoryBytes(groupId: number): number | null {
  const processes = groupProcesses(groupId)();
  return processes.length === 0 ? null : processes.reduce((total, { bytes }) => total + bytes, 0);
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
