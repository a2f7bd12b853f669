import { setTimeout as delay } from 'node:timers/promises';
import { Queue } from 'bullmq';
import { startMeasured, type ProcessUsage } from './measured-process.ts';
import { measureUsage } from './usage-per-job.ts';

/** How fast BullMQ alone is. */
export interface BareRun {
  readonly perSecond: number;
  /** Of all its workers together, for one job. */
  readonly worker: ProcessUsage;
}

interface BareOptions {
  readonly redisUrl: string;
  readonly prefix: string;
  readonly workers: number;
  readonly concurrency: number;
  readonly jobs: number;
}

/** As many as the relay of the platform hands over at once. */
const BATCH_SIZE = 100;
const BETWEEN_LOOKS_MS = 20;

/** Works off so many jobs that do nothing with so many processes, which are filled while they work. */
export async function runBareQueue({
  redisUrl,
  prefix,
  workers,
  concurrency,
  jobs,
}: BareOptions): Promise<BareRun> {
  const settings = { REDIS_URL: redisUrl, REDIS_PREFIX: prefix, SCAN_CONCURRENCY: String(concurrency) };
  const processes = Array.from({ length: workers }, () =>
    startMeasured('worker', new URL('bare-worker.js', import.meta.url), settings, null),
  );
  const queue = new Queue('bare', { connection: { url: redisUrl }, prefix });
  const fill = async (count: number, from: string): Promise<void> => {
    for (let start = 0; start < count; start += BATCH_SIZE) {
      const batch = Array.from({ length: Math.min(BATCH_SIZE, count - start) }, (_, n) => ({
        name: 'bare',
        data: { n: start + n },
        opts: { jobId: `${from}-${start + n}`, removeOnComplete: { count: 1_000 } },
      }));
      await queue.addBulk(batch);
    }
  };
  const untilEmpty = async (): Promise<void> => {
    while ((await queue.getJobCountByTypes('waiting', 'active')) > 0) await delay(BETWEEN_LOOKS_MS);
  };
  try {
    await fill(workers * concurrency * BATCH_SIZE, 'warm');
    await untilEmpty();
    const measured = await measureUsage(processes, () => Promise.resolve({}));
    const startedAtMs = performance.now();
    await fill(jobs, 'job');
    await untilEmpty();
    const seconds = (performance.now() - startedAtMs) / 1_000;
    const { worker } = (await measured(jobs)).processes;
    return { perSecond: jobs / seconds, worker: worker ?? { cpuMs: 0, postgresTrips: 0, redisTrips: 0 } };
  } finally {
    await Promise.all(processes.map((each) => each.stop()));
    await queue.close();
  }
}
