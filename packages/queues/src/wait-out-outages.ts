import { isAppError } from '@cookie-scanner/errors';
import type { Processor } from './processor.ts';
import { RetryLater } from './retry-later.ts';

/** Pause before a job that met an outage is tried again. */
const OUTAGE_PAUSE_MS = 15_000;

const SERVICE_UNAVAILABLE = 503;

/**
 * Lets jobs survive an outage of something the platform itself depends on, such as the database or the artifact
 * store: it is no fault of the job, so it costs no attempt.
 */
export function waitOutOutages<TPayload>(processor: Processor<TPayload>): Processor<TPayload> {
  return async (payload, context) => {
    try {
      await processor(payload, context);
    } catch (error) {
      const isOutage =
        isAppError(error) && error.rule.retry === 'later' && error.rule.status === SERVICE_UNAVAILABLE;
      if (!isOutage) throw error;
      context.log.warn('a job waits for an outage to end', { error });
      throw new RetryLater(OUTAGE_PAUSE_MS, error.message);
    }
  };
}
