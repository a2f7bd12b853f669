import { AppError } from '@cookie-scanner/errors';
import type { Request, RequestHandler } from 'express';
import { hostnameOf, isLoopbackAddress, isLoopbackHost } from '../http/loopback.ts';

const PROXY_HEADERS = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'];

/**
 * Lets only this machine in: the peer is loopback, the host it names is loopback, and no proxy speaks for somebody
 * else.
 *
 * @throws AppError LOCAL_ONLY
 */
export function localOnly(): RequestHandler {
  return (request, _response, next) => {
    if (!isLocal(request))
      throw new AppError('LOCAL_ONLY', 'This page is for the machine the gateway runs on only.');
    next();
  };
}

function isLocal(request: Request): boolean {
  if (PROXY_HEADERS.some((name) => request.headers[name] !== undefined)) return false;
  const hostname = hostnameOf(request.headers.host ?? '');
  return hostname !== null && isLoopbackHost(hostname) && isLoopbackAddress(request.socket.remoteAddress);
}
