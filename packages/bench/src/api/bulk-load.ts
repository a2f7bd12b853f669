import { readFileSync } from 'node:fs';
import type { StartedServer } from './start-server.ts';

/** Bulk requests of one size, one after the other. */
export interface BulkRun {
  readonly urls: number;
  /** The longest of them. */
  readonly worstMs: number;
  readonly medianMs: number;
  /** Resident memory of the gateway before the first, at most while they ran, and after the last. */
  readonly beforeMb: number;
  readonly peakMb: number;
  readonly afterMb: number;
}

const BETWEEN_SAMPLES_MS = 10;

/** Submits so many URLs, so many times. Linux only: memory comes from `/proc`. */
export async function bulkLoad(
  server: StartedServer,
  key: string,
  { urls, times }: { urls: number; times: number },
): Promise<BulkRun> {
  const durations: number[] = [];
  const beforeMb = residentMb(server.pid);
  let peakMb = beforeMb;
  const sampling = setInterval(() => {
    peakMb = Math.max(peakMb, residentMb(server.pid));
  }, BETWEEN_SAMPLES_MS);
  try {
    for (let time = 0; time < times; time += 1) durations.push(await submit(server.url, key, urls, time));
  } finally {
    clearInterval(sampling);
  }
  const sorted = durations.toSorted((one, other) => one - other);
  return {
    urls,
    worstMs: sorted.at(-1) ?? 0,
    medianMs: sorted[Math.floor(sorted.length / 2)] ?? 0,
    beforeMb,
    peakMb,
    afterMb: residentMb(server.pid),
  };
}

async function submit(url: string, key: string, count: number, time: number): Promise<number> {
  const urls = Array.from({ length: count }, (_, n) => `https://site-${n}.example/${time}`);
  const body = JSON.stringify({ urls });
  const startedAtMs = performance.now();
  const response = await fetch(`${url}/api/v1/scans/bulk`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body,
  });
  await response.arrayBuffer();
  if (response.status !== 202) throw new Error(`the bulk request was answered with ${response.status}`);
  return Math.round(performance.now() - startedAtMs);
}

function residentMb(pid: number): number {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Math.round(Number(kilobytes) / 1_024);
}
