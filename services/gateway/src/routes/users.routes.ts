import { userAccessUpdateSchema } from '@cookie-scanner/contracts';
import { AppError } from '@cookie-scanner/errors';
import type { Request } from 'express';
import { z } from 'zod';
import { readJsonBody } from '../body/read-json-body.ts';
import type { GatewayDeps } from '../gateway-deps.ts';
import type { ApiRoute, PersonalRoute } from '../http/api-route.ts';
import { auditActorOf } from '../http/audit-actor.ts';
import { ifMatchDecided, sendDecided } from '../http/entity-tag.ts';
import { jsonAnswer, jsonBody } from '../http/json-body.ts';
import { documentedPageQuery, pageRequestOf } from '../http/page-query.ts';
import { parseBody } from '../http/parse-input.ts';
import { ifMatchHeader, tagHeader } from '../http/tag-headers.ts';
import { uuidOf } from '../http/uuid.ts';
import { problemResponses } from './problem-responses.ts';

type Deps = Pick<GatewayDeps, 'auth' | 'authenticator'>;
const PARAMS = z.object({ userId: z.uuid() });
const TAGS = ['Users'];
const SHOWN = { ...jsonAnswer('User', 'The account.'), headers: tagHeader };

/** The accounts of the platform, for its Admins. New ones come by invitation into a workspace. */
export function usersRoutes(deps: Deps): ApiRoute[] {
  return [list(deps), show(deps), changeAccess(deps), signOut(deps)];
}

function list({ auth }: Deps): PersonalRoute {
  return {
    permission: 'users:read',
    method: 'get',
    path: '/users',
    operation: {
      operationId: 'listUsers',
      summary: 'List all accounts',
      tags: TAGS,
      request: { query: documentedPageQuery },
      responses: {
        200: jsonAnswer('UserPage', 'In the order of their addresses.'),
        ...problemResponses(422),
      },
    },
    async handle(request, response) {
      response.json(await auth.users.list(pageRequestOf(request)));
    },
  };
}

function show({ auth }: Deps): PersonalRoute {
  return {
    permission: 'users:read',
    method: 'get',
    path: '/users/{userId}',
    operation: {
      operationId: 'getUser',
      summary: 'Show an account',
      tags: TAGS,
      request: { params: PARAMS },
      responses: { 200: SHOWN, ...problemResponses(404) },
    },
    async handle(request, response) {
      sendDecided(response, orNotFound(await auth.users.find(userIdOf(request))));
    },
  };
}

function changeAccess({ auth, authenticator }: Deps): PersonalRoute {
  return {
    permission: 'users:write',
    needsFreshProof: true,
    method: 'patch',
    path: '/users/{userId}',
    operation: {
      operationId: 'updateUserAccess',
      summary: 'Change roles on the platform, or switch an account off and on',
      description: 'Roles in workspaces are changed there. The last active Admin stays one.',
      tags: TAGS,
      request: { params: PARAMS, headers: ifMatchHeader, body: jsonBody('UserAccessUpdate') },
      responses: { 200: SHOWN, ...problemResponses(404, 409, 412, 413, 415, 422, 428) },
    },
    async handle(request, response, person) {
      const precondition = ifMatchDecided(request);
      const change = parseBody(userAccessUpdateSchema, await readJsonBody(request));
      const by = auditActorOf(person, request, response);
      const user = orNotFound(await auth.users.changeAccess(userIdOf(request), change, by, precondition));
      authenticator.forgetAll();
      sendDecided(response, user);
    },
  };
}

function signOut({ auth, authenticator }: Deps): PersonalRoute {
  return {
    permission: 'users:write',
    method: 'delete',
    path: '/users/{userId}/sessions',
    operation: {
      operationId: 'endSessionsOfUser',
      summary: 'Sign somebody out everywhere',
      tags: TAGS,
      request: { params: PARAMS },
      responses: { 204: { description: 'Signed out.' }, ...problemResponses(404) },
    },
    async handle(request, response, person) {
      const { id } = orNotFound(await auth.users.find(userIdOf(request)));
      const by = auditActorOf(person, request, response);
      await auth.sessions.endAll(id, { keepSessionId: null, reason: 'ended_by_admin', by });
      authenticator.forgetAll();
      response.status(204).end();
    },
  };
}

function userIdOf(request: Request): string {
  return orNotFound(uuidOf(request.params['userId']));
}

function orNotFound<T>(found: T | null): T {
  if (found === null) throw new AppError('USER_NOT_FOUND', 'There is no account with this id.');
  return found;
}
