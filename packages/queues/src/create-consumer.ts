import type { QueueContract } from '@cookie-scanner/contracts';
import type { Logger } from '@cookie-scanner/observability';
import { isConnectionError } from '@cookie-scanner/redis';
import { Worker, type Job, type WorkerOptions } from 'bullmq';
import type { z } from 'zod';
import { closeConsumer, type CloseReport } from './close-consumer.ts';
import { consumerBackend } from './consumer-backend.ts';
import { DEFAULT_TIMING, type ConsumerTiming } from './consumer-timing.ts';
import type { QueueLocation } from './create-producer.ts';
import { jobRunner } from './job-runner.ts';
import type { Processor } from './processor.ts';
import { runningJobs } from './running-jobs.ts';
import type { SharedSlots } from './shared-slots.ts';
import { slotHolder, type SlotHolder } from './slot-holder.ts';

/** How a consumer works. */
export interface ConsumerOptions<TPayload> extends QueueLocation {
  /** Jobs worked on at the same time. */
  readonly concurrency: number;
  /** Room that it shares with consumers of other queues; without it, it has `concurrency` for itself. */
  readonly slots?: SharedSlots;
  readonly logger: Logger;
  /**
   * Called once a job is given up: its attempts are used up, it is hopeless, or it took its consumer down too
   * often. A crash at that moment loses the call. An error it throws is logged.
   */
  readonly onGaveUp?: (payload: TPayload, error: unknown) => Promise<void>;
  /**
   * True, the default, aborts a job with kind `lock_lost` when the queue may have given it to somebody else, as
   * after an outage of Redis. False lets it go on: for a processor that has a fence of its own in the database.
   */
  readonly stopOnLostLock?: boolean;
  /** For tests; every field has a default. */
  readonly timing?: Partial<ConsumerTiming>;
}

/** The taking end of a queue, at work from the moment it is created. */
export interface Consumer {
  /** Resolves when the consumer is connected; waits for as long as Redis is away. */
  ready(): Promise<void>;
  /**
   * Works on this many jobs at the same time from now on. Jobs that run go on; more are taken as soon as one arrives or
   * ends.
   */
  setConcurrency(concurrency: number): void;
  /**
   * Takes no more jobs, waits for the running ones, after `graceMs` aborts them with kind `shutdown` and hands
   * them back without charging an attempt. A job that does not react to its signal is left behind and named in
   * the log and in the report; its queue lock runs out and another consumer takes it. Bounded in time, also
   * while Redis is away.
   */
  close(graceMs: number): Promise<CloseReport>;
  /**
   * When this consumer last showed life, in Unix milliseconds: it polled for a job, or it is at work on one that
   * is within its time limit, or it cannot work because Redis is away. For liveness.
   */
  lastActivityAt(): number;
}

/** Starts to work on the jobs of a queue. Returns at once, also while Redis is away. */
export function createConsumer<TPayload extends z.ZodType>(
  contract: QueueContract<TPayload>,
  processor: Processor<z.output<TPayload>>,
  options: ConsumerOptions<z.output<TPayload>>,
): Consumer {
  const timing: ConsumerTiming = { ...DEFAULT_TIMING, ...options.timing };
  const { abortGraceMs } = timing;
  const logger = options.logger.child({ queue: contract.name });
  const stopOnLostLock = options.stopOnLostLock ?? true;
  const running = runningJobs({ timeoutMs: contract.timeoutMs, graceMs: abortGraceMs, stopOnLostLock });
  const giveUps = new Set<Promise<void>>();
  let polledAtMs = Date.now();

  const slots = options.slots ? slotHolder(options.slots) : null;
  const runJob = withSlot(jobRunner(contract, processor, { running, logger }), slots);
  const onPoll = (): void => {
    polledAtMs = Date.now();
  };
  const backend = consumerBackend({ onPoll, slots });
  const worker = new Worker(contract.name, runJob, workerOptions(options, timing), backend);
  logTroubles(worker, logger);
  worker.on('lockRenewalFailed', (jobIds) => {
    // BullMQ only tells; without this the processor works on to its end beside its successor.
    for (const jobId of jobIds) running.loseLock(jobId);
  });
  worker.on('failed', (job, error) => {
    // A job that BullMQ fails by itself never reached us.
    slots?.release(job?.token ?? '');
    if (!job || job.finishedOn === undefined) return;
    const call = giveUp(contract, job, error, { logger, onGaveUp: options.onGaveUp });
    giveUps.add(call);
    void call.finally(() => giveUps.delete(call));
  });

  return {
    ready: () => worker.waitUntilReady(),
    setConcurrency(concurrency) {
      worker.concurrency = concurrency;
    },
    close(graceMs) {
      slots?.close();
      return closeConsumer({ worker, running, giveUps, graceMs, abortGraceMs, logger });
    },
    lastActivityAt() {
      // Who has the slots that it waits for shows life, or not, itself.
      const isExcused = slots?.isWaiting() === true || options.connection.status !== 'ready';
      return isExcused || running.isBusyWithinLimits() ? Date.now() : polledAtMs;
    },
  };
}

/** The same, noting when the job of a slot begins and ends. */
function withSlot(
  runJob: ReturnType<typeof jobRunner>,
  slots: SlotHolder | null,
): ReturnType<typeof jobRunner> {
  if (!slots) return runJob;
  return async (job, token = '') => {
    slots.begin(token);
    try {
      await runJob(job, token);
    } finally {
      slots.release(token);
    }
  };
}

function workerOptions(
  {
    connection,
    prefix,
    concurrency,
  }: Pick<ConsumerOptions<unknown>, 'connection' | 'prefix' | 'concurrency'>,
  timing: ConsumerTiming,
): WorkerOptions {
  return {
    connection,
    prefix,
    concurrency,
    lockDuration: timing.lockDurationMs,
    stalledInterval: timing.stalledIntervalMs,
    maxStalledCount: timing.stalledCountMax,
    maxStartedAttempts: timing.startedCountMax,
    drainDelay: timing.pollIntervalMs / 1_000,
  };
}

function logTroubles(worker: Worker, logger: Logger): void {
  worker.on('error', (error) => {
    // The owner of the connection logs its errors; BullMQ repeats them here.
    if (!isConnectionError(error)) logger.warn('the queue reports an error', { error });
  });
  worker.on('stalled', (jobId) => logger.warn('took a job back from a consumer that is gone', { jobId }));
}

interface GiveUpOptions<TPayload> {
  readonly logger: Logger;
  readonly onGaveUp: ConsumerOptions<TPayload>['onGaveUp'] | undefined;
}

/** Logs that a job is given up and tells who wants to know. Never rejects. */
async function giveUp<TPayload extends z.ZodType>(
  contract: QueueContract<TPayload>,
  job: Job,
  error: Error,
  { logger, onGaveUp }: GiveUpOptions<z.output<TPayload>>,
): Promise<void> {
  const facts = { jobId: job.id, attempts: job.attemptsMade, stalled: job.stalledCounter };
  logger.error('gave up a job', { ...facts, reason: error.message });
  const payload = contract.payload.safeParse(job.data);
  if (!onGaveUp || !payload.success) return;
  try {
    await onGaveUp(payload.data, error.cause ?? error);
  } catch (failure) {
    logger.error('could not record that a job was given up; the sweeper will', { ...facts, error: failure });
  }
}
