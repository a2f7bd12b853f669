import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** One process of a browser that this test process started. */
export interface BrowserProcess {
  readonly pid: number;
  readonly groupId: number;
  readonly commandLine: string;
}

/** Every process of the group of every browser whose profile folder carries our process id. */
export async function ownBrowserProcesses(): Promise<BrowserProcess[]> {
  const { stdout } = await run('ps', ['-A', '-ww', '-o', 'pid=,pgid=,stat=,args='], {
    maxBuffer: 16_000_000,
  });
  const processes = stdout.split('\n').flatMap((line) => {
    const [, pid, groupId, state, commandLine] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    // What is dead and only not yet buried holds nothing any more.
    if (!pid || !groupId || !commandLine || state?.startsWith('Z')) return [];
    return [{ pid: Number(pid), groupId: Number(groupId), commandLine }];
  });
  const groups = new Set(
    processes
      .filter(({ commandLine }) => commandLine.includes(`--user-data-dir=${profilePath()}`))
      .map(({ groupId }) => groupId),
  );
  return processes.filter(({ groupId }) => groups.has(groupId));
}

/** Process groups of the browsers that this test process started, one of each. */
export async function ownBrowserGroups(): Promise<number[]> {
  return [...new Set((await ownBrowserProcesses()).map(({ groupId }) => groupId))];
}

/** Ends every browser that this test process started, at once and with everything below it. */
export async function killOwnBrowsers(): Promise<void> {
  for (const groupId of await ownBrowserGroups()) killQuietly(-groupId);
}

/** Ends the processes that draw and run pages, and leaves the browsers alive. */
export async function killOwnRenderers(): Promise<void> {
  for (const { pid, commandLine } of await ownBrowserProcesses()) {
    if (commandLine.includes('--type=renderer')) killQuietly(pid);
  }
}

/** Ends what keeps the network namespaces of this test process's browsers; nothing where they have none. */
export async function killOwnDoorkeepers(): Promise<void> {
  for (const pid of await ownDoorkeepers()) killQuietly(pid);
}

/** Process ids of what keeps the network namespaces of this test process's browsers. */
export async function ownDoorkeepers(): Promise<number[]> {
  const { stdout } = await run('ps', ['-A', '-ww', '-o', 'pid=,ppid=,stat=,args='], {
    maxBuffer: 16_000_000,
  });
  return stdout.split('\n').flatMap((line) => {
    const [, pid, parent, state, commandLine] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    const isOurs = Number(parent) === process.pid && commandLine?.includes('--input-type=module');
    return isOurs && !state?.startsWith('Z') ? [Number(pid)] : [];
  });
}

/** Profile folders that this test process has made and not removed. */
export async function ownProfileFolders(): Promise<string[]> {
  return (await readdir(tmpdir())).filter((name) => `${tmpdir()}/${name}`.startsWith(profilePath()));
}

/** Waits until `condition` holds; the test's own timeout is the deadline. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await delay(20);
}

function profilePath(): string {
  return `${tmpdir()}/cookie-scanner-profile-${process.pid}-`;
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself in between.
  }
}
