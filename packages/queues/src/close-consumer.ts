import type { Logger } from '@cookie-scanner/observability';
import type { Worker } from 'bullmq';
import type { RunningJobs } from './running-jobs.ts';

/** How long closing may take beside the jobs: BullMQ waits without limit for a Redis that is away. */
const DISCONNECT_TIMEOUT_MS = 2_000;

/** What became of the jobs that ran when a consumer was closed. */
export interface CloseReport {
  /** Jobs that ignored their abort signal; they still run, in a process that should end now. */
  readonly abandonedJobIds: readonly string[];
}

interface CloseOptions {
  readonly worker: Worker;
  readonly running: RunningJobs;
  readonly giveUps: ReadonlySet<Promise<void>>;
  readonly graceMs: number;
  readonly abortGraceMs: number;
  readonly logger: Logger;
}

/** Stops a consumer in bounded time: grace, abort, and at last without the jobs that do not listen. */
export async function closeConsumer(options: CloseOptions): Promise<CloseReport> {
  const { worker, running, giveUps, graceMs, abortGraceMs, logger } = options;
  const closed = worker
    .close()
    .catch((error: unknown) => logger.warn('the queue did not close cleanly', { error }));

  await settledWithin(running.whenIdle(), graceMs);
  running.abortAll('shutdown');
  await settledWithin(running.whenIdle(), abortGraceMs);

  const abandonedJobIds = running.ids();
  if (abandonedJobIds.length > 0)
    logger.error('left jobs behind that ignore their abort signal', { abandonedJobIds });
  await settledWithin(Promise.all([...giveUps]), DISCONNECT_TIMEOUT_MS);
  if (abandonedJobIds.length === 0) await settledWithin(closed, DISCONNECT_TIMEOUT_MS);
  return { abandonedJobIds };
}

/** Waits for `work`, but no longer than `timeoutMs`. */
async function settledWithin(work: Promise<unknown>, timeoutMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeIsUp = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, timeoutMs);
  });
  try {
    await Promise.race([work, timeIsUp]);
  } finally {
    clearTimeout(timer);
  }
}
