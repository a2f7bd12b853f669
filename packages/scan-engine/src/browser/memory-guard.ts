import { readFileSync } from 'node:fs';
import { groupProcesses, type ProcessMemory } from './process-memory.ts';

/** Keeps a browser with all its processes below a limit of memory. */
export interface MemoryGuard {
  /** Whether it ended a process of pages at this time or up to some seconds before; on the clock of `performance.now()`. */
  endedPagesBy(atMs: number): boolean;
  /** Whether it had to end the whole browser. */
  endedBrowser(): boolean;
  /** Stops looking. */
  stop(): void;
}

interface GuardedBrowser {
  /** The browser leads this group of processes. */
  readonly groupId: number;
  readonly limitBytes: number;
  /** Ends the browser with all its processes. */
  readonly endBrowser: () => void;
  /** Told once for every process that was ended, in bytes. */
  readonly onEnded?: (what: { readonly isWholeBrowser: boolean; readonly bytes: number }) => void;
}

/** A page that allocates as fast as it can takes some hundred megabytes in that time. A look costs about a millisecond. */
const LOOK_INTERVAL_MS = 150;
/** The browser tells of a process that was ended within this time, however busy it is. */
const NEWS_LIMIT_MS = 5_000;

/**
 * Watches the memory of a browser from outside, and ends what holds most of it when it is too much: the process of the
 * pages of one scan where there is such a one, so that the scan keeps what it has seen and others in the same browser do
 * not notice; otherwise the browser.
 *
 * Where there is no /proc it sees nothing and ends nothing.
 */
export function guardMemory({ groupId, limitBytes, endBrowser, onEnded }: GuardedBrowser): MemoryGuard {
  const look = groupProcesses(groupId);
  const endedAtMs: number[] = [];
  let isBrowserEnded = false;
  let dying: number | null = null;

  const timer = setInterval(() => {
    const processes = look();
    // What was ended gives its memory back in its own time; until then nobody else has to go for it.
    if (dying !== null && processes.some(({ pid }) => pid === dying)) return;
    dying = null;
    const bytes = processes.reduce((total, each) => total + each.bytes, 0);
    if (bytes <= limitBytes) return;
    const pages = largest(processes.filter(({ pid }) => isOfPages(pid)));
    const isWholeBrowser = pages === null || pages.bytes < largestBytes(processes);
    if (isWholeBrowser) {
      isBrowserEnded = true;
      clearInterval(timer);
      endBrowser();
    } else {
      dying = pages.pid;
      endedAtMs.push(performance.now());
      killQuietly(pages.pid);
    }
    onEnded?.({ isWholeBrowser, bytes });
  }, LOOK_INTERVAL_MS);
  timer.unref();

  return {
    endedPagesBy: (atMs) => endedAtMs.some((endedMs) => endedMs <= atMs && atMs - endedMs <= NEWS_LIMIT_MS),
    endedBrowser: () => isBrowserEnded,
    stop: () => clearInterval(timer),
  };
}

function largest(processes: readonly ProcessMemory[]): ProcessMemory | null {
  return processes.reduce<ProcessMemory | null>(
    (most, each) => (most === null || each.bytes > most.bytes ? each : most),
    null,
  );
}

function largestBytes(processes: readonly ProcessMemory[]): number {
  return largest(processes)?.bytes ?? 0;
}

/** Chromium names the kind of every process in its command line. */
function isOfPages(pid: number): boolean {
  try {
    return /--type=renderer(\s|\0|$)/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
  } catch {
    return false; // Ended while we looked.
  }
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself in between.
  }
}
