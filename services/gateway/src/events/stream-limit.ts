import { AppError } from '@cookie-scanner/errors';
import type { Response } from 'express';

/** Bounds how many event streams are open at once, because each asks the database once a second. */
export interface StreamLimit {
  /**
   * Takes a place until the response is closed.
   *
   * @throws AppError TOO_MANY_STREAMS when there is none
   */
  take(response: Response): void;
  /** From now on allows this many; streams that are open already stay. */
  readonly setMax: (streamsMax: number) => void;
  /** Ends every open stream, so that the server can close. */
  readonly endAll: () => void;
}

/** Begins with no open streams. */
export function streamLimit(streamsMax: number): StreamLimit {
  let max = streamsMax;
  const open = new Set<Response>();
  return {
    take(response) {
      if (open.size >= max) {
        throw new AppError(
          'TOO_MANY_STREAMS',
          'Too many clients watch scans right now; ask for the scan itself instead.',
        );
      }
      open.add(response);
      response.once('close', () => open.delete(response));
    },
    setMax(next) {
      max = next;
    },
    endAll() {
      for (const response of open) response.end();
    },
  };
}
