import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { AuthKeys } from '../auth-keys.ts';

const FORM = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.(\d{1,9})\.([\w-]{43})$/;

/** Which token of which session. */
export interface RefreshTokenPlace {
  readonly sessionId: string;
  /** How often the session was refreshed before; 0 for the token of the login. */
  readonly rotation: number;
}

/**
 * The refresh token of one place: session, rotation, and a code that only we can compute.
 *
 * Because it is computed, the same parent always has the same successor: a client that lost the answer, and two tabs
 * that refresh at once, get one and the same. And a token of long ago is known to be one of ours, although only the
 * hashes of the newest two are kept.
 */
export function refreshToken(keys: AuthKeys, place: RefreshTokenPlace): string {
  const [key] = keys.refreshToken;
  if (!key) throw new Error('there is no key to compute with');
  return tokenOf(key, place);
}

/** The place of a token; null when it is none of ours. Whether it is still good, the session says. */
export function readRefreshToken(keys: AuthKeys, text: string): RefreshTokenPlace | null {
  const [, sessionId, rotation] = FORM.exec(text) ?? [];
  if (sessionId === undefined) return null;
  const place = { sessionId, rotation: Number(rotation) };
  return keys.refreshToken.some((key) => isEqual(tokenOf(key, place), text)) ? place : null;
}

/** What is kept of a token. */
export function refreshTokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

function tokenOf(key: Buffer, { sessionId, rotation }: RefreshTokenPlace): string {
  const code = createHmac('sha256', key).update(`${sessionId}.${rotation}`).digest('base64url');
  return `${sessionId}.${rotation}.${code}`;
}

function isEqual(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
}
