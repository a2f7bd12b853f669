import { readdir, readFile } from 'node:fs/promises';
import { LEASE_MS } from '../platform/platform.ts';
import type { Fault } from './fault.ts';
import { heldScans, until, untilOver } from './observe.ts';
import { workerWithScan } from './worker-with-scan.ts';

/** On top of the lease. */
const TAKEOVER_MS_MAX = 30_000;
const BROWSER_LIFE_MS_MAX = 10_000;

/** Its scans are another's as soon as its lease is over, and its browser does not outlive it. */
export const killWorker: Fault = {
  name: 'a worker is killed in the middle of its scans',
  async strike(context) {
    const { platform, checksTimes, say, expect } = context;
    await platform.untilReady();
    const worker = await workerWithScan(context);
    const browsers = await descendants(worker.pid() ?? -1);
    const ids = (await heldScans(platform, worker)).map(({ id }) => id);
    worker.signal('SIGKILL');
    const killedMs = performance.now();

    await until('no browser of a killed worker runs', async () => {
      const running = new Set(await runningProcesses());
      return !browsers.some((pid) => running.has(pid));
    });
    const browserMs = Math.round(performance.now() - killedMs);
    await untilOver(platform, ids);
    const takeoverMs = Math.round(performance.now() - killedMs);
    say(
      `${ids.length} scans over ${takeoverMs} ms after, ${browsers.length} processes gone after ${browserMs} ms`,
    );
    if (!checksTimes) return;
    expect(browserMs <= BROWSER_LIFE_MS_MAX, `a browser outlived its worker by ${browserMs} ms`);
    expect(
      takeoverMs <= LEASE_MS + TAKEOVER_MS_MAX,
      `scans of a killed worker were over after ${takeoverMs} ms`,
    );
  },
};

async function descendants(pid: number): Promise<number[]> {
  const found = new Set([pid]);
  const all = await Promise.all(
    (await runningProcesses()).map(async (child) => ({ child, of: await parentOf(child) })),
  );
  for (let size = 0; size !== found.size;) {
    size = found.size;
    for (const { child, of } of all) if (of !== null && found.has(of)) found.add(child);
  }
  found.delete(pid);
  return [...found];
}

async function runningProcesses(): Promise<number[]> {
  return (await readdir('/proc')).map(Number).filter((pid) => pid > 0);
}

/** Null for a process that is gone. */
async function parentOf(pid: number): Promise<number | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  return stat === null ? null : Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}
