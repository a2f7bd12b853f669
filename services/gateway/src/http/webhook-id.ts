import { AppError } from '@cookie-scanner/errors';
import type { Request } from 'express';
import { uuidOf } from './uuid.ts';

/**
 * The webhook that a path names.
 *
 * @throws AppError WEBHOOK_NOT_FOUND when none can have this id
 */
export function webhookIdOf(request: Request): string {
  const id = uuidOf(request.params['webhookId']);
  if (id === null) throw webhookNotFound();
  return id;
}

/** There is no such webhook, or none that the caller may know of. */
export function webhookNotFound(): AppError {
  return new AppError('WEBHOOK_NOT_FOUND', 'There is no webhook with this id.');
}
