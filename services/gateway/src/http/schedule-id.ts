import { AppError } from '@cookie-scanner/errors';
import type { Request } from 'express';
import { uuidOf } from './uuid.ts';

/**
 * The schedule that a path names.
 *
 * @throws AppError SCHEDULE_NOT_FOUND for what is no UUID, just as for an unknown one
 */
export function scheduleIdOf(request: Request): string {
  const id = uuidOf(request.params['scheduleId']);
  if (id === null) throw scheduleNotFound();
  return id;
}

/** The answer for a schedule that is unknown or of another workspace. */
export function scheduleNotFound(): AppError {
  return new AppError('SCHEDULE_NOT_FOUND', 'There is no schedule with this id.');
}
