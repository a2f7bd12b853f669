import type { OnceRequest } from '@cookie-scanner/database';
import type { AuthKeys } from '../auth-keys.ts';
import { bytesForSecret } from './bytes-for-secret.ts';
import { openSecret, sealSecret } from './sealed-secret.ts';

const SECRET_BYTES = 32;

/**
 * A new secret for signing webhooks, in the form of Standard Webhooks.
 *
 * @param once - for a client that may ask again: the same request about the same endpoint gets the same secret
 */
export function newWebhookSecret(
  keys: Pick<AuthKeys, 'repeatable'>,
  endpointId: string,
  once: OnceRequest | undefined,
): string {
  const bytes = bytesForSecret(keys, endpointId, once).subarray(0, SECRET_BYTES);
  return `whsec_${bytes.toString('base64')}`;
}

/** Encrypts the secret of a webhook for the database, bound to its endpoint. */
export function sealWebhookSecret(
  { webhookSecret }: Pick<AuthKeys, 'webhookSecret'>,
  endpointId: string,
  secret: string,
): Buffer {
  return sealSecret({ seal: webhookSecret }, endpointId, secret);
}

/**
 * Decrypts what `sealWebhookSecret` made.
 *
 * @throws Error when it belongs to another endpoint or was made with another key
 */
export function openWebhookSecret(
  { webhookSecret }: Pick<AuthKeys, 'webhookSecret'>,
  endpointId: string,
  sealed: Uint8Array,
): string {
  return openSecret({ seal: webhookSecret }, endpointId, sealed);
}
