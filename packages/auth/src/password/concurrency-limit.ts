import { AppError } from '@cookie-scanner/errors';

const RETRY_AFTER_SECONDS = 2;

/**
 * Runs at most `atOnceMax` pieces of work at the same time, the others one after the other as places become free.
 *
 * @returns a function that runs one piece and throws AppError TOO_MANY_ATTEMPTS when `waitingMax` wait already
 */
export function concurrencyLimit({ atOnceMax, waitingMax }: { atOnceMax: number; waitingMax: number }) {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (running >= atOnceMax) {
      if (waiting.length >= waitingMax) throw tooMany();
      // Whoever ends hands its place over, so `running` stays as it is.
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else running += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}

function tooMany(): AppError {
  return new AppError('TOO_MANY_ATTEMPTS', 'Too many people sign in at this moment. Try again soon.', {
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}
