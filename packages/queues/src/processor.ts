import type { Logger } from '@cookie-scanner/observability';

/** What a processor knows about the job it works on, beside the payload. */
export interface JobContext {
  /** Aborted with a `JobAborted` when the work must stop; `abortKind` tells why. */
  readonly signal: AbortSignal;
  /** Counts the attempts of this job, from 1. */
  readonly attempt: number;
  /** True when the job is given up if this attempt fails. */
  readonly isLastAttempt: boolean;
  /** Carries queue, job id and attempt. */
  readonly log: Logger;
}

/**
 * Does the work of one job. It may be called twice for the same job, also at the same time, so it must be
 * idempotent.
 *
 * Resolving completes the job. An AppError that the error table calls hopeless ends it; a `RetryLater` brings it
 * back at no cost; anything else costs an attempt.
 */
export type Processor<TPayload> = (payload: TPayload, context: JobContext) => Promise<void>;
