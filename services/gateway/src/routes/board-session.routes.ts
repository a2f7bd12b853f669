import { AppError } from '@cookie-scanner/errors';
import type { GatewayDeps } from '../gateway-deps.ts';
import type { ApiRoute } from '../http/api-route.ts';
import { auditActorOf } from '../http/audit-actor.ts';
import { boardCookie } from '../http/board-cookie.ts';
import { problemResponses } from './problem-responses.ts';

const PATH = '/auth/queues-session';
const TAGS = ['Signing in'];

/** Opening and closing Bull Board, whose pages know who somebody is by a cookie. */
export function boardSessionRoutes({
  audit,
  auth,
  publicUrl,
}: Pick<GatewayDeps, 'audit' | 'auth' | 'publicUrl'>): ApiRoute[] {
  const cookie = boardCookie({ isHttps: publicUrl?.startsWith('https:') ?? false });
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
        response.status(204).end();
      },
    },
  ];
}
