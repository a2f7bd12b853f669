import { createHash } from 'node:crypto';
import type { OnceRequest } from '@cookie-scanner/database';
import { AppError } from '@cookie-scanner/errors';
import type { Request } from 'express';
import { z } from 'zod';

const KEY = /^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/;

/** The header by which a client asks for something once, for its part of the OpenAPI document. */
export const idempotencyKeyHeader = z.object({
  'Idempotency-Key': z.string().min(1).max(255).optional().meta({
    description: 'Sent again within 24 hours, the answer of the first time is given and nothing is done.',
  }),
});

/**
 * The same for an answer that shows a secret, which nobody but whoever asked first is shown again.
 *
 * @throws as `onceOf`
 */
export function onceOfPerson(request: Request, body: unknown, userId: string): OnceRequest | undefined {
  return onceOf(request, [userId, body]);
}

/**
 * What makes this request the same as an earlier one: its key, and a hash of method, path, query and body. Undefined when
 * the client sends no key.
 *
 * @param body - as it arrived, parsed or as text
 * @throws AppError INPUT_INVALID for a key that is empty, longer than 255 characters, or not printable ASCII
 * @see https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
 */
export function onceOf(request: Request, body: unknown): OnceRequest | undefined {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key !== 'string' || !KEY.test(key)) {
    throw new AppError('INPUT_INVALID', 'An Idempotency-Key has 1 to 255 printable ASCII characters.');
  }
  const asked = JSON.stringify([request.method, request.originalUrl, body ?? null]);
  return { key, requestHash: createHash('sha256').update(asked).digest('hex') };
}
