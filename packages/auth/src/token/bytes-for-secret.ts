import { createHmac, randomBytes } from 'node:crypto';
import type { OnceRequest } from '@cookie-scanner/database';
import type { AuthKeys } from '../auth-keys.ts';

const SIZE_BYTES = 64;

/**
 * What a secret is made of that is shown once. For a request that may come again they are worked out from it and from what
 * it made, so that the second answer shows the same secret although nobody keeps it (docs/adr/0079); else they are random.
 *
 * @param id - of the thing whose secret it is
 */
export function bytesForSecret(
  { repeatable }: Pick<AuthKeys, 'repeatable'>,
  id: string,
  once: OnceRequest | undefined,
): Buffer {
  if (once === undefined) return randomBytes(SIZE_BYTES);
  return createHmac('sha512', repeatable)
    .update(JSON.stringify([id, once.key, once.requestHash]))
    .digest();
}
