import { AppError } from '@cookie-scanner/errors';
import type { RequestHandler } from 'express';

const HEADER_COUNT_MAX = 100;

/**
 * Refuses requests that are legal enough for Node's parser but that no honest client sends.
 *
 * @throws AppError REQUEST_INVALID, HEADERS_TOO_LARGE
 */
export function saneRequest(): RequestHandler {
  return (request, _response, next) => {
    if (request.httpVersion !== '1.1' && request.httpVersion !== '1.0') {
      throw new AppError('REQUEST_INVALID', 'Speak HTTP/1.1.');
    }
    // A proxy would put a full URL here; whoever sends it to us takes us for one.
    if (!request.originalUrl.startsWith('/') && request.originalUrl !== '*') {
      throw new AppError('REQUEST_INVALID', 'The request line must name a path.');
    }
    // PostgreSQL cannot store the character NUL, and no path of ours has it.
    if (/%00/.test(request.originalUrl)) {
      throw new AppError('REQUEST_INVALID', 'The path contains the character NUL.');
    }
    const names = request.rawHeaders.filter((_, index) => index % 2 === 0);
    if (names.length > HEADER_COUNT_MAX) {
      throw new AppError('HEADERS_TOO_LARGE', `A request has at most ${HEADER_COUNT_MAX} header lines.`);
    }
    if (names.filter((name) => name.toLowerCase() === 'host').length !== 1) {
      throw new AppError('REQUEST_INVALID', 'A request names its host in exactly one Host header.');
    }
    next();
  };
}
