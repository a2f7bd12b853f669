import { AppError } from '@cookie-scanner/errors';
import type { RequestHandler } from 'express';
import { hostnameOf, isLoopbackHost } from '../http/loopback.ts';

/** Names under which the gateway may be addressed. */
export type HostCheck = (hostname: string) => boolean;

/** This machine, and the host of the configured public address. */
export function allowedHosts(publicUrl: string | null): HostCheck {
  const publicHost = publicUrl === null ? null : hostnameOf(new URL(publicUrl).host);
  return (hostname) => isLoopbackHost(hostname) || hostname === publicHost;
}

/** Whether a `Host` header names us. */
export function isHostAllowed(header: string | undefined, isAllowed: HostCheck): boolean {
  const hostname = hostnameOf(header ?? '');
  return hostname !== null && isAllowed(hostname);
}

/**
 * Refuses requests that name another host than ours.
 *
 * A page of a stranger reaches a gateway on loopback through the visitor's browser, by pointing its own name at 127.0.0.1
 * (DNS rebinding); but the browser then still says that name here.
 *
 * @throws AppError HOST_NOT_ALLOWED
 */
export function hostGuard(isAllowed: HostCheck): RequestHandler {
  return (request, _response, next) => {
    if (!isHostAllowed(request.headers.host, isAllowed)) {
      throw new AppError(
        'HOST_NOT_ALLOWED',
        'This host name is not served here; set PUBLIC_URL if it should be.',
      );
    }
    next();
  };
}
