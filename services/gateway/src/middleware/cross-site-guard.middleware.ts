import { AppError } from '@cookie-scanner/errors';
import type { RequestHandler } from 'express';
import { hostnameOf } from '../http/loopback.ts';
import type { HostCheck } from './host-guard.middleware.ts';

const READING_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses requests that a browser sends for a page of another site, unless the operator named its origin. Following a
 * link to us is fine.
 *
 * Programs that are no browser send neither of the two headers and are not concerned.
 *
 * @throws AppError CROSS_SITE_REFUSED
 */
export function crossSiteGuard(isAllowed: HostCheck, origins: ReadonlySet<string>): RequestHandler {
  return (request, _response, next) => {
    if (origins.has(request.headers.origin ?? '')) {
      next();
      return;
    }
    const isReading = READING_METHODS.has(request.method);
    const isForeignFetch =
      request.headers['sec-fetch-site'] === 'cross-site' &&
      !(isReading && request.headers['sec-fetch-mode'] === 'navigate');
    if (isForeignFetch || (!isReading && hasForeignOrigin(request.headers.origin, isAllowed))) {
      throw new AppError('CROSS_SITE_REFUSED', 'Pages of other sites may not use this service.');
    }
    next();
  };
}

/**
 * Whether a browser says that the page of another site asks.
 *
 * `Origin: null` comes from sandboxed frames and redirects; nothing of ours is sent that way.
 */
export function hasForeignOrigin(origin: string | undefined, isAllowed: HostCheck): boolean {
  if (origin === undefined) return false;
  const host = /^https?:\/\/([^/]+)$/.exec(origin)?.[1];
  const hostname = host === undefined ? null : hostnameOf(host);
  return hostname === null || !isAllowed(hostname);
}
