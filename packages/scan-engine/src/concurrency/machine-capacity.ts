import { readFileSync } from 'node:fs';
import { availableParallelism, freemem } from 'node:os';
import { dirname, join } from 'node:path';

/** What the machine, or the container around us, has to give. */
export interface MachineCapacity {
  /** Processors we may use; the quota of a container can make it a fraction. */
  readonly coreCount: number;
  /** Memory that can still be taken before somebody's process is ended for it. */
  readonly freeMemoryBytes: number;
}

/** Reads a file; null when there is none that we may read. */
export type ReadText = (path: string) => string | null;

/** What the operating system says, before the limits of containers. */
interface SystemFacts extends MachineCapacity {
  /** Limit of memory that Node.js knows of; null or absurdly large where there is none. */
  readonly memoryLimitBytes: number | null;
}

const CGROUP_ROOT = '/sys/fs/cgroup';

/** Measures now. Elsewhere than on Linux there are no control groups, and the system's own figures count. */
export function measureMachine(): MachineCapacity {
  return withinLimits(
    {
      coreCount: availableParallelism(),
      freeMemoryBytes: freemem(),
      memoryLimitBytes: process.constrainedMemory(),
    },
    readText,
  );
}

/**
 * Narrows what the system has to what control groups (version 2) leave of it. The tightest limit counts, of our own group
 * or of any group around it. Where only Node.js knows of a limit of memory (version 1), that limit counts.
 *
 * @see https://docs.kernel.org/admin-guide/cgroup-v2.html cpu.max, memory.max, memory.current, memory.stat
 */
export function withinLimits(system: SystemFacts, read: ReadText): MachineCapacity {
  let coreCount = system.coreCount;
  let freeMemoryBytes = Math.min(system.freeMemoryBytes, system.memoryLimitBytes ?? Infinity);
  for (const folder of ownGroups(read)) {
    coreCount = Math.min(coreCount, coresOf(read(join(folder, 'cpu.max'))));
    freeMemoryBytes = Math.min(freeMemoryBytes, memoryLeft(folder, read));
  }
  return { coreCount, freeMemoryBytes: Math.max(0, freeMemoryBytes) };
}

/** Our control group and those around it, from the inside out. */
function ownGroups(read: ReadText): string[] {
  const line = (read('/proc/self/cgroup') ?? '').split('\n').find((text) => text.startsWith('0::'));
  if (line === undefined) return [];
  const folders: string[] = [];
  for (let path = join('/', line.slice('0::'.length).trim()); ; path = dirname(path)) {
    folders.push(join(CGROUP_ROOT, path));
    if (path === '/') return folders;
  }
}

/** `cpu.max` holds a quota and its period in microseconds; `max` stands for no quota. */
function coresOf(cpuMax: string | null): number {
  const [quota, period] = (cpuMax ?? '').trim().split(' ').map(Number);
  return quota !== undefined && period !== undefined && quota > 0 && period > 0 ? quota / period : Infinity;
}

/** The kernel takes file pages back before it ends a process, so they count as free. */
function memoryLeft(folder: string, read: ReadText): number {
  const limit = wholeNumber(read(join(folder, 'memory.max')));
  const used = wholeNumber(read(join(folder, 'memory.current')));
  if (limit === null || used === null) return Infinity;
  const stat = read(join(folder, 'memory.stat')) ?? '';
  const filePages = wholeNumber(/^inactive_file (\d+)$/m.exec(stat)?.[1] ?? null) ?? 0;
  return limit - used + filePages;
}

function wholeNumber(text: string | null): number | null {
  return text !== null && /^\d+\s*$/.test(text) ? Number(text) : null;
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null; // Not on this system, or not ours to see.
  }
}
