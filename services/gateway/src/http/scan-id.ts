import { AppError } from '@cookie-scanner/errors';
import type { Request, Response } from 'express';
import { contextOf } from './request-context.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * The scan that a path names; the log lines of the request carry it from here on.
 *
 * @throws AppError SCAN_NOT_FOUND when no scan can have this id; the same answer as for one that does not exist
 */
export function scanIdOf(request: Request, response: Response): string {
  const scanId = String(request.params['scanId']).toLowerCase();
  if (!UUID.test(scanId)) throw scanNotFound();
  const context = contextOf(response);
  context.log = context.log.child({ scanId });
  return scanId;
}

/** There is no such scan, or none that the caller may know of. */
export function scanNotFound(): AppError {
  return new AppError('SCAN_NOT_FOUND', 'There is no scan with this id.');
}
