import { createHmac } from 'node:crypto';
import type { AuthKeys } from '../auth-keys.ts';

/** What is kept of a secret that was made at random, such as a token or an API key. */
export function secretHash(keys: Pick<AuthKeys, 'pepper'>, secret: string): string {
  return createHmac('sha256', keys.pepper).update(secret).digest('hex');
}
