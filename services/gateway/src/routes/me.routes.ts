import { changePassword } from '@cookie-scanner/auth';
import { passwordChangeSchema, userUpdateSchema, type Me } from '@cookie-scanner/contracts';
import { AppError } from '@cookie-scanner/errors';
import { readJsonBody } from '../body/read-json-body.ts';
import type { GatewayDeps } from '../gateway-deps.ts';
import type { ApiRoute } from '../http/api-route.ts';
import { auditActorOf } from '../http/audit-actor.ts';
import { clientOf } from '../http/client.ts';
import { ifMatchDecided, sendDecided } from '../http/entity-tag.ts';
import { jsonAnswer, jsonBody } from '../http/json-body.ts';
import { parseBody } from '../http/parse-input.ts';
import { ifMatchHeader, tagHeader } from '../http/tag-headers.ts';
import { problemResponses } from './problem-responses.ts';

type Deps = Pick<GatewayDeps, 'auth' | 'authenticator'>;
const TAGS = ['Account'];

/** One's own account. */
export function meRoutes({ auth, authenticator }: Deps): ApiRoute[] {
  return [
    {
      permission: 'account:read',
      method: 'get',
      path: '/me',
      operation: {
        operationId: 'getMe',
        summary: 'Show your account, and where you may do what',
        tags: TAGS,
        responses: {
          200: { ...jsonAnswer('Me', 'Your account.'), headers: tagHeader },
          ...problemResponses(),
        },
      },
      async handle(_request, response, { userId, sessionId, memberships }) {
        const user = await auth.users.find(userId);
        if (!user) throw userNotFound();
        // The tag is that of the account, which is what a change is about.
        sendDecided(response, { user, sessionId, memberships: [...memberships] } satisfies Me, user);
      },
    },
    {
      permission: 'account:write',
      method: 'patch',
      path: '/me',
      operation: {
        operationId: 'updateMe',
        summary: 'Change your name or time zone',
        tags: TAGS,
        request: { headers: ifMatchHeader, body: jsonBody('UserUpdate') },
        responses: {
          200: { ...jsonAnswer('User', 'Your account.'), headers: tagHeader },
          ...problemResponses(412, 413, 415, 422, 428),
        },
      },
      async handle(request, response, person) {
        const precondition = ifMatchDecided(request);
        const change = parseBody(userUpdateSchema, await readJsonBody(request));
        const by = auditActorOf(person, request, response);
        const user = await auth.users.updateProfile(person.userId, change, by, precondition);
        if (!user) throw userNotFound();
        sendDecided(response, user);
      },
    },
    {
      permission: 'account:write',
      method: 'post',
      path: '/me/password',
      operation: {
        operationId: 'changePassword',
        summary: 'Change your password',
        description: 'Everywhere else you are signed out.',
        tags: TAGS,
        request: { body: jsonBody('PasswordChange') },
        responses: { 204: { description: 'Changed.' }, ...problemResponses(413, 415, 422) },
      },
      async handle(request, response, person) {
        const change = parseBody(passwordChangeSchema, await readJsonBody(request));
        await changePassword(auth, person, change, clientOf(request, response));
        authenticator.forgetAll();
        response.status(204).end();
      },
    },
  ];
}

function userNotFound(): AppError {
  return new AppError('USER_NOT_FOUND', 'There is no account with this id.');
}
