import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { ExpressAdapter } from '@bull-board/express';
import { AppError } from '@cookie-scanner/errors';
import { Router, type Express, type RequestHandler } from 'express';
import type { GatewayDeps } from '../gateway-deps.ts';
import { contextOf } from '../http/request-context.ts';
import { boardCookie } from '../http/board-cookie.ts';
import { boardDoor } from '../middleware/board-door.middleware.ts';

/** Where Bull Board is mounted; its pages load everything below this path. */
export const BOARD_PATH = '/admin/queues';

/**
 * What the pages of Bull Board need. Their style sheet of a font service stays blocked: nothing here may tell a third
 * party that somebody looks at the queues.
 */
const BOARD_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

type Deps = Pick<GatewayDeps, 'queues' | 'pingRedis' | 'authenticator' | 'limits' | 'publicUrl'>;

/** Bull Board, to look at only, for Admins who have just proven who they are. */
export function adminQueuesRouter({ queues, pingRedis, authenticator, limits, publicUrl }: Deps): Router {
  const adapter = new ExpressAdapter().setBasePath(BOARD_PATH);
  createBullBoard({
    queues: queues.map((queue) => new BullMQAdapter(queue, { readOnlyMode: true, allowRetries: false })),
    serverAdapter: adapter,
    options: { uiConfig: { boardTitle: 'Cookie Scanner queues' } },
  });
  // Its own handler answers with the stack; the message goes to the log only.
  adapter.setErrorHandler(() => ({
    status: 500,
    body: { error: 'Internal error', message: 'See the log.' },
  }));
  const board = adapter.getRouter() as Express;
  board.disable('x-powered-by');

  const router = Router();
  const cookie = boardCookie({ isHttps: publicUrl?.startsWith('https:') ?? false });
  router.use(boardDoor({ authenticator, limits, cookie }), readOnly, (_request, response, next) => {
    response.setHeader('Content-Security-Policy', BOARD_POLICY);
    next();
  });
  router.use('/api', async (_request, response, next) => {
    await pingRedis().catch((error: unknown) => {
      contextOf(response).log.warn('Bull Board was asked while Redis is away');
      throw error;
    });
    next();
  });
  router.use(board);
  return router;
}

/** Beside the read-only mode of each queue: nothing that changes anything gets through, and whoever tries is recorded. */
const readOnly: RequestHandler = (request, response, next) => {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD');
    throw new AppError('PERMISSION_DENIED', 'The queues can be looked at only.');
  }
  next();
};
