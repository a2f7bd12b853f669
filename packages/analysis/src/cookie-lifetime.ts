import type { CookieObservation } from '@cookie-scanner/contracts';
import { durationText } from './duration-text.ts';

const DAY_SECONDS = 86_400;

/** Clocks of page, network and scanner differ a little; up to this much is no difference in lifetime. */
const CLOCK_TOLERANCE_SECONDS = 60;

/** How long a cookie stays on the visitor's device when nothing renews it. */
export interface CookieLifetime {
  /** Seconds between the last write that was seen and the expiry that the browser keeps; 0 when already over. */
  readonly seconds: number;
  /** The same in whole days, rounded up; 0 when already over. */
  readonly days: number;
  /** The same in words. Says so when the setter asked for more than the browser grants. */
  readonly text: string;
}

/**
 * Lifetime of one cookie, counted from when it was last written, so that analysing an old scan again gives the
 * same answer.
 *
 * @param cookie - its events count from `startedAt`
 * @param scan - when the scan started (ISO 8601) and how many milliseconds it took; the end of the scan stands in
 *   for a write that nobody saw
 * @returns null for a session cookie, which ends with the browser session
 * @see https://www.rfc-editor.org/rfc/rfc6265#section-5.3 step 3, which defines expiry
 */
export function cookieLifetime(
  cookie: CookieObservation,
  scan: { readonly startedAt: string; readonly durationMs: number },
): CookieLifetime | null {
  if (cookie.session || cookie.expiresAt === null) return null;

  const lastWrite = cookie.events.findLast((event) => event.action !== 'deleted');
  const writtenAtMs = Date.parse(scan.startedAt) + (lastWrite?.atMs ?? scan.durationMs);
  const measured = Math.max(0, Math.round((Date.parse(cookie.expiresAt) - writtenAtMs) / 1_000));
  const declared = cookie.declaredLifetimeSeconds;

  const isAsDeclared = declared !== null && Math.abs(declared - measured) <= CLOCK_TOLERANCE_SECONDS;
  const seconds = isAsDeclared ? Math.max(0, Math.round(declared)) : measured;
  const isCapped = declared !== null && declared - seconds > DAY_SECONDS;
  const granted = durationText(seconds);
  return {
    seconds,
    days: wholeDays(seconds),
    text: isCapped ? `${granted} (asked for ${durationText(declared)})` : granted,
  };
}

function wholeDays(seconds: number): number {
  if (seconds === 0) return 0;
  return Math.max(1, Math.ceil((seconds - CLOCK_TOLERANCE_SECONDS) / DAY_SECONDS));
}
