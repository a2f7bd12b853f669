import { requireFreshProof } from '@cookie-scanner/auth';
import { AppError } from '@cookie-scanner/errors';
import type { GatewayDeps } from '../gateway-deps.ts';
import type { ApiRoute } from '../http/api-route.ts';
import { auditActorOf } from '../http/audit-actor.ts';
import { boardCookie } from '../http/board-cookie.ts';
import { boardGrant } from '../http/board-grant.ts';
import { problemResponses } from './problem-responses.ts';

const PATH = '/auth/queues-session';
const TAGS = ['Signing in'];
/** Leave to change queues is for who proves who they are right now, not for who once signed in. */
const PROOF_AGE_MAX_SECONDS = 60;

/** Opening and closing Bull Board, whose pages know who somebody is by a cookie. */
export function boardSessionRoutes({
  audit,
  auth,
  publicUrl,
  isBoardWritable,
}: Pick<GatewayDeps, 'audit' | 'auth' | 'publicUrl' | 'isBoardWritable'>): ApiRoute[] {
  const isHttps = publicUrl?.startsWith('https:') ?? false;
  const cookie = boardCookie({ isHttps });
  const grant = boardGrant(() => auth.keys, { isHttps });
  return [
    {
      permission: 'queues:read',
      needsFreshProof: true,
      method: 'post',
      path: PATH,
      operation: {
        operationId: 'openQueues',
        summary: 'Open Bull Board for this browser',
        description:
          'Sets a cookie that opens /admin/queues and nothing else, for ten minutes from the last proof of who you are.',
        tags: TAGS,
        responses: { 204: { description: 'Open.' }, ...problemResponses() },
      },
      async handle(request, response, person) {
        const token = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
        if (token === undefined) throw new AppError('AUTHENTICATION_REQUIRED', 'Sign in first.');
        await audit.append({ ...auditActorOf(person, request, response), action: 'queues.open' });
        cookie.set(response, token, auth.lifetimes().jwtLifetimeSeconds);
        response.status(204).end();
      },
    },
    {
      permission: 'queues:write',
      needsFreshProof: true,
      method: 'post',
      path: `${PATH}/grant`,
      operation: {
        operationId: 'grantQueueChanges',
        summary: 'Let this browser change queues on Bull Board',
        description:
          'For five minutes, where BULL_BOARD_WRITABLE allows it (else 409), and for who proved within the last minute who ' +
          'they are. Each change is recorded, and needs the word of the cookie XSRF-TOKEN in the header X-XSRF-TOKEN.',
        tags: TAGS,
        responses: { 204: { description: 'Granted.' }, ...problemResponses(401, 409) },
      },
      async handle(request, response, person) {
        if (!isBoardWritable) {
          throw new AppError(
            'CONFLICT',
            'Queues are not changed by hand here, unless BULL_BOARD_WRITABLE says so.',
          );
        }
        requireFreshProof(person, Date.now() / 1_000, PROOF_AGE_MAX_SECONDS);
        await audit.append({ ...auditActorOf(person, request, response), action: 'queues.grant' });
        grant.give(response, person);
        response.status(204).end();
      },
    },
    {
      permission: 'public',
      method: 'delete',
      path: PATH,
      operation: {
        operationId: 'closeQueues',
        summary: 'Close Bull Board for this browser',
        tags: TAGS,
        responses: { 204: { description: 'Closed.' }, ...problemResponses() },
      },
      handle(_request, response) {
        cookie.clear(response);
        grant.clear(response);
        response.status(204).end();
      },
    },
  ];
}
