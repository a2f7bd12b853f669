import type { QueueContract } from '@cookie-scanner/contracts';
import { isAppError } from '@cookie-scanner/errors';
import type { Logger } from '@cookie-scanner/observability';
import { DelayedError, UnrecoverableError, type Job } from 'bullmq';
import type { z } from 'zod';
import { abortKind } from './job-aborted.ts';
import type { Processor } from './processor.ts';
import { isRetryLater } from './retry-later.ts';
import type { RunningJobs } from './running-jobs.ts';

interface FailedRun {
  readonly job: Job;
  readonly token: string | undefined;
  readonly signal: AbortSignal;
  readonly log: Logger;
}

/** Makes of a processor the function that BullMQ calls, and tells BullMQ what each way of failing means. */
export function jobRunner<TPayload extends z.ZodType>(
  contract: QueueContract<TPayload>,
  processor: Processor<z.output<TPayload>>,
  { running, logger }: { running: RunningJobs; logger: Logger },
): (job: Job, token?: string) => Promise<void> {
  return async (job, token) => {
    const attempt = job.attemptsMade + 1;
    const log = logger.child({ jobId: job.id, jobAttempt: attempt });
    const payload = contract.payload.safeParse(job.data);
    if (!payload.success) {
      log.error('the payload of a job does not fit its contract', { problem: payload.error.message });
      throw new UnrecoverableError(`${contract.name}: the payload does not fit the contract`);
    }

    const entry = running.start(String(job.id));
    const { signal } = entry;
    try {
      const isLastAttempt = attempt >= (job.opts.attempts ?? 1);
      await processor(payload.data, { signal, attempt, isLastAttempt, log });
    } catch (error) {
      throw await verdictOn(error, { job, token, signal, log });
    } finally {
      entry.end();
    }
  };
}

/**
 * Decides what becomes of a job whose processor threw.
 *
 * @returns the error to throw: BullMQ leaves a job alone on `DelayedError`, gives it up on `UnrecoverableError`
 *   and counts an attempt on any other
 */
async function verdictOn(error: unknown, { job, token, signal, log }: FailedRun): Promise<Error> {
  const aborted = abortKind(signal);
  if (aborted === 'lock_lost') {
    log.warn('stopped a job that another consumer may have taken over');
    return new DelayedError('the job is not ours any more');
  }
  if (isRetryLater(error)) {
    log.info('a job comes back later', { reason: error.message, delayMs: error.delayMs });
    return putBack(error.delayMs, { job, token, log });
  }
  if (isAppError(error) && error.rule.retry === 'never') {
    log.error('a job failed and would fail again', { error });
    const verdict = new UnrecoverableError(error.message);
    verdict.cause = error;
    return verdict;
  }
  if (aborted === 'shutdown') {
    // A deploy must not cost the job an attempt: hand it back instead of failing it.
    log.info('handed a job back, because this process is being stopped');
    return putBack(0, { job, token, log });
  }
  // A failure that nobody foresaw is a bug and worth more than a warning.
  if (isAppError(error) || aborted) log.warn('an attempt at a job failed', { error });
  else log.error('an attempt at a job failed in a way that nobody foresaw', { error });
  return error instanceof Error ? error : new Error(String(error));
}

/** Puts a job back into the queue at no cost. */
async function putBack(
  delayMs: number,
  { job, token, log }: Omit<FailedRun, 'signal'>,
): Promise<DelayedError> {
  try {
    await job.moveToDelayed(Date.now() + delayMs, token);
  } catch (error) {
    // Without the lock it is not ours to put back: whoever has it, or the look for stalled jobs, deals with it.
    log.warn('could not put a job back', { error });
  }
  return new DelayedError('put back');
}
