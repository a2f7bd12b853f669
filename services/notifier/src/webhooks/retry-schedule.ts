const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** Seconds before the second attempt, the third, and so on; then always the last one. */
const PAUSES_SECONDS = [5, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR];
/** How far a pause is moved, so that what failed together does not come back together. */
const JITTER = 0.1;
const RETRY_AFTER_SECONDS_MAX = 24 * HOUR;

/** So many failures in a row mean that the endpoint is down, and not one event unlucky. */
export const CIRCUIT_FAILURES_MIN = 5;
const CIRCUIT_PAUSE_SECONDS_MAX = 15 * MINUTE;

/**
 * Seconds until the next attempt; null after the last one.
 *
 * @param attempt - the one that failed, from 1
 * @param retryAfterSeconds - what the receiver asked for; null when it did not
 * @param random - from 0 to 1
 */
export function pauseAfter(
  {
    attempt,
    attemptsMax,
    retryAfterSeconds,
  }: { attempt: number; attemptsMax: number; retryAfterSeconds: number | null },
  random = Math.random(),
): number | null {
  if (attempt >= attemptsMax) return null;
  const pause = PAUSES_SECONDS[attempt - 1] ?? PAUSES_SECONDS.at(-1) ?? HOUR;
  const asked = Math.min(retryAfterSeconds ?? 0, RETRY_AFTER_SECONDS_MAX);
  return Math.max(pause * (1 + JITTER * (2 * random - 1)), asked);
}

/** Seconds that an endpoint which is down gets nothing at all: doubling. The next delivery then tries whether it is back. */
export function circuitPauseSeconds(consecutiveFailures: number): number {
  return Math.min(
    30 * 2 ** Math.min(consecutiveFailures - CIRCUIT_FAILURES_MIN, 20),
    CIRCUIT_PAUSE_SECONDS_MAX,
  );
}
