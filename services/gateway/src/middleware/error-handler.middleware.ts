import type { ErrorRequestHandler } from 'express';
import type { Problem } from '@cookie-scanner/contracts';
import { answerFor, PROBLEM_TYPE } from '../http/problem.ts';
import { contextOf } from '../http/request-context.ts';

/** Answers everything that was thrown as problem+json and logs what is our fault, once, here. */
export function errorHandler(): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    const { requestId, log } = contextOf(response);
    const { problem, retryAfterSeconds, isBug } = answerFor(error);
    if (isBug) log.error('a request failed; this is a bug', { error });
    else if (problem.status >= 500) log.warn('a request could not be served', { error });

    if (response.headersSent) {
      // Half an answer must not look like a whole one.
      response.destroy();
      next();
      return;
    }
    for (const name of ['Content-Encoding', 'Content-Disposition', 'ETag', 'Last-Modified']) {
      response.removeHeader(name);
    }
    if (retryAfterSeconds !== null) response.setHeader('Retry-After', String(retryAfterSeconds));
    // @see https://www.rfc-editor.org/rfc/rfc6750#section-3
    if (problem.status === 401) response.setHeader('WWW-Authenticate', `Bearer error="${problem.code}"`);
    if (problem.status === 415) response.setHeader('Accept-Encoding', 'gzip, identity');
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('Content-Type', PROBLEM_TYPE);
    response.status(problem.status);
    const body = JSON.stringify({ ...problem, requestId } satisfies Problem);
    response.setHeader('Content-Length', Buffer.byteLength(body));
    response.end(request.method === 'HEAD' ? undefined : body);
  };
}
