import { readFileSync } from 'node:fs';
import type { StartedServer } from './start-server.ts';

/** One bulk request. */
export interface BulkRun {
  readonly ms: number;
  /** Resident memory of the gateway afterwards. */
  readonly residentMb: number;
}

const URLS = 10_000;

/** Submits 10,000 URLs so many times, one after the other. Linux only: memory comes from `/proc`. */
export async function bulkLoad(server: StartedServer, key: string, times: number): Promise<BulkRun[]> {
  const runs: BulkRun[] = [];
  for (let time = 0; time < times; time += 1) {
    const urls = Array.from({ length: URLS }, (_, n) => `https://site-${n}.example/${time}`);
    const body = JSON.stringify({ urls });
    const startedAtMs = performance.now();
    const response = await fetch(`${server.url}/api/v1/scans/bulk`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body,
    });
    await response.arrayBuffer();
    if (response.status !== 202) throw new Error(`the bulk request was answered with ${response.status}`);
    runs.push({ ms: Math.round(performance.now() - startedAtMs), residentMb: residentMb(server.pid) });
  }
  return runs;
}

function residentMb(pid: number): number {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Math.round(Number(kilobytes) / 1_024);
}
