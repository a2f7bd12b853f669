import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { ExpressAdapter } from '@bull-board/express';
import type { BoardQueue } from '@cookie-scanner/queues';
import { Router, type Express } from 'express';
import type { GatewayDeps } from '../gateway-deps.ts';
import { contextOf } from '../http/request-context.ts';
import { boardCookie } from '../http/board-cookie.ts';
import { boardGrant } from '../http/board-grant.ts';
import { boardChanges } from '../middleware/board-changes.middleware.ts';
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

type Deps = Pick<
  GatewayDeps,
  'queues' | 'pingRedis' | 'authenticator' | 'limits' | 'publicUrl' | 'auth' | 'audit' | 'isBoardWritable'
>;

/** Bull Board for Admins who have just proven who they are: to look at, and with a grant to change. */
export function adminQueuesRouter(deps: Deps): Router {
  const { queues, pingRedis, publicUrl, auth, isBoardWritable } = deps;
  const isHttps = publicUrl?.startsWith('https:') ?? false;
  const grant = boardGrant(() => auth.keys, { isHttps });
  const toLookAt = board(queues, { isWritable: false });
  const toChange = board(queues, { isWritable: true });

  const router = Router();
  router.use(boardDoor({ ...deps, cookie: boardCookie({ isHttps }) }), (_request, response, next) => {
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
  router.use(boardChanges({ ...deps, isWritable: isBoardWritable, grant }));
  router.use((request, response, next) => {
    const { caller } = contextOf(response);
    const mayChange = isBoardWritable && caller?.kind === 'person' && grant.isGiven(request, caller);
    (mayChange ? toChange : toLookAt)(request, response, next);
  });
  return router;
}

/** The pages and their data; what is not writable shows no buttons either. */
function board(queues: readonly BoardQueue[], { isWritable }: { isWritable: boolean }): Express {
  const adapter = new ExpressAdapter().setBasePath(BOARD_PATH);
  const options = { readOnlyMode: !isWritable, allowRetries: isWritable, allowCompletedRetries: false };
  createBullBoard({
    queues: queues.map((queue) => new BullMQAdapter(queue, options)),
    serverAdapter: adapter,
    options: { uiConfig: { boardTitle: 'Cookie Scanner queues' } },
  });
  // Its own handler answers with the stack; the message goes to the log only.
  adapter.setErrorHandler(() => ({
    status: 500,
    body: { error: 'Internal error', message: 'See the log.' },
  }));
  return (adapter.getRouter() as Express).disable('x-powered-by');
}
