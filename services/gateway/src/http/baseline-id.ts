import { AppError } from '@cookie-scanner/errors';
import type { Request } from 'express';
import { uuidOf } from './uuid.ts';

/**
 * The baseline that a path names.
 *
 * @throws AppError BASELINE_NOT_FOUND when none can have this id; the same answer as for one that does not exist
 */
export function baselineIdOf(request: Request): string {
  const baselineId = uuidOf(request.params['baselineId']);
  if (baselineId === null) throw baselineNotFound();
  return baselineId;
}

/** There is no such baseline, or none that the caller may know of. */
export function baselineNotFound(): AppError {
  return new AppError('BASELINE_NOT_FOUND', 'There is no baseline with this id.');
}
