import { randomBytes } from 'node:crypto';
import type { AuthKeys } from '../auth-keys.ts';
import { openSecret, sealSecret } from './sealed-secret.ts';

const SECRET_BYTES = 32;

/** A new secret for signing webhooks, in the form of Standard Webhooks. */
export function newWebhookSecret(): string {
  return `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;
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
