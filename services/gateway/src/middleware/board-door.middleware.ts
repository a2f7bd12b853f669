import { authorisePersonally, requireFreshProof, type Authenticator } from '@cookie-scanner/auth';
import { AppError, isAppError, type ErrorCode } from '@cookie-scanner/errors';
import type { Request, RequestHandler } from 'express';
import type { BoardCookie } from '../http/board-cookie.ts';
import { clientOf } from '../http/client.ts';
import { contextOf } from '../http/request-context.ts';
import type { RequestLimits } from '../http/request-limits.ts';

/** Where people prove who they are before they see the queues. */
const BOARD_LOGIN_PATH = '/account/queues';

interface Door {
  readonly authenticator: Authenticator;
  readonly limits: RequestLimits;
  readonly cookie: BoardCookie;
}

/** What a fresh login mends. */
const MENDED_BY_LOGIN: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'AUTHENTICATION_REQUIRED',
  'TOKEN_INVALID',
  'MFA_REQUIRED',
  'STEP_UP_REQUIRED',
]);

/**
 * Lets Admins of the platform see the queues who proved in the last ten minutes who they are. Their rights are those of this
 * moment. Who opens the page without is led to the login.
 *
 * @throws AppError AUTHENTICATION_REQUIRED, TOKEN_INVALID, PERMISSION_DENIED, STEP_UP_REQUIRED, RATE_LIMITED
 */
export function boardDoor({ authenticator, limits, cookie }: Door): RequestHandler {
  return async (request, response, next) => {
    const { address } = clientOf(request, response);
    const token = cookie.read(request);
    try {
      if (token === null) throw new AppError('AUTHENTICATION_REQUIRED', 'Sign in to see the queues.');
      const caller = await authenticator.authenticate(token, address);
      contextOf(response).caller = caller;
      requireFreshProof(authorisePersonally(caller, 'queues:read'));
      await limits.take(response, caller, address);
    } catch (error) {
      if (contextOf(response).caller === null) await limits.take(response, null, address);
      if (!isAppError(error) || !MENDED_BY_LOGIN.has(error.code) || !isPage(request)) throw error;
      response.redirect(303, BOARD_LOGIN_PATH);
      return;
    }
    next();
  };
}

/** Opened by a person, and not asked for by the script of a page. */
function isPage(request: Request): boolean {
  return request.method === 'GET' && !request.path.startsWith('/api') && request.accepts('html') === 'html';
}
