import { AppError } from '@cookie-scanner/errors';

/**
 * Gets a value from its source.
 *
 * @param context.signal - aborts when the time is up; a computation that ignores it goes on for nobody
 */
export type Compute<T> = (context: { signal: AbortSignal }) => Promise<T>;

/**
 * Runs a computation, but waits no longer than `timeoutMs` for it.
 *
 * @throws AppError COMPUTE_TIMED_OUT when the time is up; else whatever the computation throws
 */
export async function computeWithin<T>(compute: Compute<T>, timeoutMs: number): Promise<T> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const timeIsUp = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const error = new AppError('COMPUTE_TIMED_OUT', `The value was not computed within ${timeoutMs} ms.`);
      reject(error);
      controller.abort(error);
    }, timeoutMs);
  });
  try {
    // Through a promise, so that a compute that throws before it awaits anything is no different.
    const computed = Promise.resolve({ signal: controller.signal }).then(compute);
    return await Promise.race([computed, timeIsUp]);
  } finally {
    clearTimeout(timer);
  }
}
