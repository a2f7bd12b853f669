/**
 * Thrown by a processor that cannot do the work now although nothing failed, such as when another worker holds
 * it. The job comes back after the delay and is not charged an attempt.
 */
export class RetryLater extends Error {
  override readonly name = 'RetryLater';
  readonly delayMs: number;

  /**
   * @param delayMs - milliseconds until the job is offered again
   * @param reason - for the log
   */
  constructor(delayMs: number, reason: string) {
    super(reason);
    this.delayMs = delayMs;
  }
}

/** Recognises a RetryLater by shape, because two copies of this package break `instanceof`. */
export function isRetryLater(error: unknown): error is RetryLater {
  return error instanceof Error && error.name === 'RetryLater' && 'delayMs' in error;
}
