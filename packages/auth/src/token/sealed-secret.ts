import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { AuthKeys } from '../auth-keys.ts';

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Encrypts a secret for the database, bound to its owner: copied into the row of somebody else it does not open.
 *
 * @returns nonce, ciphertext and tag
 */
export function sealSecret({ seal }: Pick<AuthKeys, 'seal'>, ownerId: string, secret: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, seal, nonce).setAAD(Buffer.from(ownerId));
  return Buffer.concat([nonce, cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()]);
}

/**
 * Decrypts what `sealSecret` made.
 *
 * @throws Error when it was changed, belongs to somebody else, or was made with another key
 */
export function openSecret({ seal }: Pick<AuthKeys, 'seal'>, ownerId: string, sealed: Uint8Array): string {
  const bytes = Buffer.from(sealed);
  const decipher = createDecipheriv(ALGORITHM, seal, bytes.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  })
    .setAAD(Buffer.from(ownerId))
    .setAuthTag(bytes.subarray(-TAG_BYTES));
  const text = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES));
  return Buffer.concat([text, decipher.final()]).toString('utf8');
}
