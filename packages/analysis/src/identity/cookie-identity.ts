import { couldBeIdentifier, type CookieObservation } from '@cookie-scanner/contracts';
import { stableName } from './stable-name.ts';

/** What makes a cookie the same cookie in another scan. */
export interface CookieIdentity {
  /** The name with `*` for what changes from visit to visit or from site to site. */
  readonly name: string;
  /** Without leading dot, in small letters. */
  readonly domain: string;
  readonly path: string;
  /** Null for an ordinary cookie. */
  readonly partitionKey: string | null;
  /** All of this in one text, for maps. */
  readonly key: string;
}

/**
 * Tells what stays the same of a cookie from scan to scan: `_hjSession_123` today is `_hjSession_456` on another day.
 * A cookie of the host alone and one of its domain are the same here: sites move between the two without a reason.
 */
export function cookieIdentity(
  cookie: Pick<CookieObservation, 'name' | 'domain' | 'path' | 'partitionKey'>,
): CookieIdentity {
  const name = stableName(cookie.name);
  const domain = cookie.domain.replace(/^\./, '').toLowerCase();
  const { path, partitionKey } = cookie;
  return { name, domain, path, partitionKey, key: JSON.stringify([name, domain, path, partitionKey]) };
}

/**
 * Whether a cookie could tell one visitor from another: its value has room for it, and clean profiles did not all get the
 * same one. Null when nobody looked at the value.
 */
export function isIdentifier(
  cookie: Pick<CookieObservation, 'valueShape' | 'sameInAllProfiles'>,
): boolean | null {
  if (cookie.valueShape === null) return null;
  return cookie.sameInAllProfiles !== true && couldBeIdentifier(cookie.valueShape);
}
