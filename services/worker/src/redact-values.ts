import { createHmac } from 'node:crypto';
import type { CookieObservation, SiteObservation } from '@cookie-scanner/contracts';

/**
 * Takes the values of all cookies out of an observation and leaves a keyed hash in their place, which tells equal
 * values from different ones across scans and tells nothing else to whoever does not have the key.
 *
 * @param hashKey - secret of the installation
 * @returns a new observation; the given one is not changed
 */
export function redactValues(observation: SiteObservation, hashKey: string): SiteObservation {
  const redact = (cookie: CookieObservation): CookieObservation => ({
    ...cookie,
    value: null,
    valueHash: cookie.value === null ? cookie.valueHash : hashValue(cookie.value, hashKey),
  });
  return {
    ...observation,
    cookies: observation.cookies.map(redact),
    transientCookies: observation.transientCookies.map(redact),
  };
}

/** HMAC-SHA-256, hexadecimal. */
export function hashValue(value: string, hashKey: string): string {
  return createHmac('sha256', hashKey).update(value).digest('hex');
}
