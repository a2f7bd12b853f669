import { randomUUID } from 'node:crypto';
import type { Logger } from '@cookie-scanner/observability';
import type { RequestHandler } from 'express';
import { setContext } from '../http/request-context.ts';

/** What we take over from a client or a proxy: nothing that could disturb a log or a header. */
const SANE_ID = /^[A-Za-z0-9._-]{8,64}$/;

/** Gives every request an id: the `X-Request-Id` it came with when that is sane, else a new one. */
export function requestId(logger: Logger): RequestHandler {
  return (request, response, next) => {
    const given = request.headers['x-request-id'];
    const id = typeof given === 'string' && SANE_ID.test(given) ? given : randomUUID();
    response.setHeader('X-Request-Id', id);
    setContext(response, {
      requestId: id,
      log: logger.child({ requestId: id }),
      caller: null,
      workspaceId: null,
    });
    next();
  };
}
