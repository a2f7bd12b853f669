import { createHmac } from 'node:crypto';

/** What is signed: the id of the event, Unix seconds of this attempt, and the body byte for byte. */
export interface SignedContent {
  readonly id: string;
  readonly timestampSeconds: number;
  readonly body: string;
}

/**
 * The headers by which a receiver knows that a call is ours, and tells one event from another.
 *
 * @param secrets - `whsec_` and base64; while a secret is being changed both sign, and receivers may know either
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function webhookHeaders(content: SignedContent, secrets: readonly string[]): Record<string, string> {
  return {
    'webhook-id': content.id,
    'webhook-timestamp': String(content.timestampSeconds),
    'webhook-signature': secrets.map((secret) => `v1,${signature(content, secret)}`).join(' '),
  };
}

function signature({ id, timestampSeconds, body }: SignedContent, secret: string): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  return createHmac('sha256', key).update(`${id}.${timestampSeconds}.${body}`).digest('base64');
}
