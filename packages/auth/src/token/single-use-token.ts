import { createHmac, randomBytes } from 'node:crypto';
import type { AuthKeys } from '../auth-keys.ts';

const TOKEN_BYTES = 32;

/** A new token that says nothing by itself: an invitation, or leave to choose a new password. */
export function newSingleUseToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url');
}

/** What is kept of a secret that was made at random, such as a token or an API key. */
export function secretHash(keys: Pick<AuthKeys, 'pepper'>, secret: string): string {
  return createHmac('sha256', keys.pepper).update(secret).digest('hex');
}
