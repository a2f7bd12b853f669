import type { z } from 'zod';

/** Everything that producer and consumer of one queue must agree on. */
export interface QueueContract<TPayload extends z.ZodType = z.ZodType> {
  /** Verb and noun, without colons. */
  readonly name: string;
  /** Ids and small facts only. Tolerant of unknown keys: during a deploy old and new versions run together. */
  readonly payload: TPayload;
  /** Deterministic id, so that handing the same work over twice is harmless. No colons, not a bare number. */
  jobId(payload: z.output<TPayload>): string;
  /**
   * Place in the queue: jobs with a smaller number come first, equal ones in the order of arrival; from 1 to 2,097,151.
   * Without it, first come, first served.
   */
  priority?(payload: z.output<TPayload>): number;
  /**
   * True when the database tells which of its work is still open, so that it is offered again should a job vanish.
   * Absent for work that a job alone knows.
   */
  readonly isOfferedAgain?: true;
  /** How often a job is tried before it is given up. */
  readonly attempts: number;
  /** First pause between attempts; doubles each time. */
  readonly backoffMs: number;
  /** Hard limit of one attempt; then its abort signal fires. */
  readonly timeoutMs: number;
}

/** Gives a queue contract its inferred type. */
export function defineQueue<TPayload extends z.ZodType>(
  contract: QueueContract<TPayload>,
): QueueContract<TPayload> {
  return contract;
}
