import { AppError } from '@cookie-scanner/errors';
import type { Request, Response } from 'express';
import { contextOf } from './request-context.ts';
import { uuidOf } from './uuid.ts';

/**
 * The scan that a path names; the log lines of the request carry it from here on.
 *
 * @throws AppError SCAN_NOT_FOUND when no scan can have this id; the same answer as for one that does not exist
 */
export function scanIdOf(request: Request, response: Response): string {
  const scanId = uuidOf(request.params['scanId']);
  if (scanId === null) throw scanNotFound();
  const context = contextOf(response);
  context.log = context.log.child({ scanId });
  return scanId;
}

/** There is no such scan, or none that the caller may know of. */
export function scanNotFound(): AppError {
  return new AppError('SCAN_NOT_FOUND', 'There is no scan with this id.');
}
