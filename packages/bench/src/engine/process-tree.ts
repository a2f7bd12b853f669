import { readdirSync, readFileSync } from 'node:fs';

/** CPU time and memory of a process and everything below it. */
export interface TreeUsage {
  /** User and system time of live processes and of those they have waited for. */
  readonly cpuSeconds: number;
  readonly memoryBytes: number;
}

/** Clock ticks per second of the numbers in /proc; 100 on every Linux that Node.js runs on. */
const TICKS_PER_SECOND = 100;
const PAGE_BYTES = 4_096;

interface ProcessFacts {
  readonly parent: number;
  readonly ticks: number;
  readonly pages: number;
}

/**
 * Measures a tree of processes, from /proc.
 *
 * @param root - process at the top
 * @param leaveOut - processes whose part of the tree does not count
 */
export function treeUsage(root: number, leaveOut: ReadonlySet<number>): TreeUsage {
  const processes = new Map<number, ProcessFacts>();
  for (const name of readdirSync('/proc')) {
    const facts = /^\d+$/.test(name) ? readProcess(name) : null;
    if (facts) processes.set(Number(name), facts);
  }
  let ticks = 0;
  let pages = 0;
  const add = (pid: number): void => {
    const facts = processes.get(pid);
    if (!facts || leaveOut.has(pid)) return;
    ticks += facts.ticks;
    pages += facts.pages;
    for (const [child, { parent }] of processes) if (parent === pid) add(child);
  };
  add(root);
  return { cpuSeconds: ticks / TICKS_PER_SECOND, memoryBytes: pages * PAGE_BYTES };
}

/**
 * The process that started another one.
 *
 * @throws Error when there is no such process
 */
export function parentOf(pid: number): number {
  const facts = readProcess(String(pid));
  if (!facts) throw new Error(`there is no process ${pid}`);
  return facts.parent;
}

function readProcess(pid: string): ProcessFacts | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name, in parentheses, may contain anything; the numbers follow it.
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const [, parent = 0] = fields;
    const ticks = [11, 12, 13, 14].reduce((sum, index) => sum + (fields[index] ?? 0), 0);
    return { parent, ticks, pages: fields[21] ?? 0 };
  } catch {
    return null; // Ended while we looked.
  }
}
