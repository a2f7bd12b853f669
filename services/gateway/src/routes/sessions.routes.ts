import { AppError } from '@cookie-scanner/errors';
import { z } from 'zod';
import type { GatewayDeps } from '../gateway-deps.ts';
import type { ApiRoute } from '../http/api-route.ts';
import { auditActorOf } from '../http/audit-actor.ts';
import { jsonAnswer } from '../http/json-body.ts';
import { uuidOf } from '../http/uuid.ts';
import { problemResponses } from './problem-responses.ts';

type Deps = Pick<GatewayDeps, 'auth' | 'authenticator'>;
const TAGS = ['Account'];

/** Where one is signed in. */
export function sessionsRoutes({ auth, authenticator }: Deps): ApiRoute[] {
  return [
    {
      permission: 'account:read',
      method: 'get',
      path: '/sessions',
      operation: {
        operationId: 'listSessions',
        summary: 'List where you are signed in',
        tags: TAGS,
        responses: { 200: jsonAnswer('SessionList', 'The one used last first.'), ...problemResponses() },
      },
      async handle(_request, response, { userId, sessionId }) {
        response.json({ items: await auth.sessions.listOf(userId, sessionId) });
      },
    },
    {
      permission: 'account:write',
      method: 'delete',
      path: '/sessions/{sessionId}',
      operation: {
        operationId: 'endSession',
        summary: 'Sign out somewhere',
        tags: TAGS,
        request: { params: z.object({ sessionId: z.uuid() }) },
        responses: { 204: { description: 'Signed out there.' }, ...problemResponses(404) },
      },
      async handle(request, response, person) {
        const id = uuidOf(request.params['sessionId']);
        const by = auditActorOf(person, request, response);
        const hasEnded =
          id !== null && (await auth.sessions.end({ id, userId: person.userId }, 'ended_by_user', by));
        if (!hasEnded) throw new AppError('SESSION_NOT_FOUND', 'You are not signed in there.');
        authenticator.forgetAll();
        response.status(204).end();
      },
    },
    {
      permission: 'account:write',
      method: 'delete',
      path: '/sessions',
      operation: {
        operationId: 'endOtherSessions',
        summary: 'Sign out everywhere else',
        tags: TAGS,
        responses: { 204: { description: 'Signed out everywhere else.' }, ...problemResponses() },
      },
      async handle(request, response, person) {
        const by = auditActorOf(person, request, response);
        const options = { keepSessionId: person.sessionId, reason: 'ended_by_user', by } as const;
        await auth.sessions.endAll(person.userId, options);
        authenticator.forgetAll();
        response.status(204).end();
      },
    },
  ];
}
