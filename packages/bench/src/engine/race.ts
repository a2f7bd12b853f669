import type { Site } from '@cookie-scanner/test-web';
import { CONTESTANTS, type Arena, type ContestantName, type SeenCookie } from './contestants.ts';
import { treeUsage } from './process-tree.ts';

/** What one contestant did at one concurrency. */
export interface RaceResult {
  readonly contestant: ContestantName;
  readonly concurrency: number;
  readonly sitesPerMinute: number;
  readonly cpuSecondsPerSite: number;
  readonly peakMemoryBytes: number;
  /** Share of the true cookies that were seen, 0 to 1. */
  readonly recall: number;
}

const MEMORY_SAMPLE_MS = 250;

/**
 * Lets one contestant visit all sites and measures it.
 *
 * @param leaveOut - processes that are not the contestant's, such as the servers of the sites
 */
export async function race(
  contestant: ContestantName,
  concurrency: number,
  sites: readonly Site[],
  arena: Arena,
  leaveOut: ReadonlySet<number>,
): Promise<RaceResult> {
  const runner = await CONTESTANTS[contestant](arena);
  const usage = (): ReturnType<typeof treeUsage> => treeUsage(process.pid, leaveOut);
  let peakMemoryBytes = 0;
  const sampling = setInterval(() => {
    peakMemoryBytes = Math.max(peakMemoryBytes, usage().memoryBytes);
  }, MEMORY_SAMPLE_MS);
  try {
    const [first] = sites;
    if (first) await runner.visit(first.url); // The first visit pays for things that are paid once.
    const cpuBefore = usage().cpuSeconds;
    const startedAt = performance.now();
    let seen = 0;
    const queue = [...sites];
    const lane = async (): Promise<void> => {
      for (let site = queue.shift(); site; site = queue.shift()) {
        const cookies = await runner.visit(site.url);
        seen += countTrue(site, cookies);
      }
    };
    await Promise.all(Array.from({ length: concurrency }, lane));
    const minutes = (performance.now() - startedAt) / 60_000;
    const cpuSeconds = usage().cpuSeconds - cpuBefore;
    const trueCookies = sites.reduce((sum, { truth }) => sum + truth.cookies.length, 0);
    return {
      contestant,
      concurrency,
      sitesPerMinute: sites.length / minutes,
      cpuSecondsPerSite: cpuSeconds / sites.length,
      peakMemoryBytes,
      recall: seen / trueCookies,
    };
  } finally {
    clearInterval(sampling);
    await runner.close();
  }
}

function countTrue({ truth }: Site, seen: readonly SeenCookie[]): number {
  return truth.cookies.filter((wanted) =>
    seen.some(
      ({ name, domain, path }) => name === wanted.name && domain === wanted.domain && path === wanted.path,
    ),
  ).length;
}
