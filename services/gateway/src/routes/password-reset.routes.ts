import { requestPasswordReset, resetPassword } from '@cookie-scanner/auth';
import { passwordResetRequestSchema, passwordResetSchema } from '@cookie-scanner/contracts';
import { AppError } from '@cookie-scanner/errors';
import { readJsonBody } from '../body/read-json-body.ts';
import type { GatewayDeps } from '../gateway-deps.ts';
import type { ApiRoute } from '../http/api-route.ts';
import { clientOf } from '../http/client.ts';
import { jsonBody } from '../http/json-body.ts';
import { parseBody } from '../http/parse-input.ts';
import { problemResponses } from './problem-responses.ts';

type Deps = Pick<GatewayDeps, 'auth' | 'authenticator' | 'sendsMails'>;
const TAGS = ['Signing in'];
const MAIL_OFF =
  'This installation sends no mails. Whoever runs it can make a link for you: npm run account -- reset-link <address>.';

/** A new password for those who forgot theirs, by a link in a mail. */
export function passwordResetRoutes(deps: Deps): ApiRoute[] {
  return [wish(deps), finish(deps)];
}

function wish({ auth, sendsMails }: Deps): ApiRoute {
  return {
    permission: 'public',
    method: 'post',
    path: '/auth/password-reset',
    operation: {
      operationId: 'requestPasswordReset',
      summary: 'Have a link mailed to choose a new password',
      description:
        'Answers the same for addresses without an account. The link is good for an hour, once, and asking again ' +
        'replaces it. MAIL_OFF where the installation sends no mails.',
      tags: TAGS,
      request: { body: jsonBody('PasswordResetRequest') },
      responses: {
        202: { description: 'If the address has an account, a mail is on its way.' },
        ...problemResponses(409, 413, 415, 422),
      },
    },
    async handle(request, response) {
      const body = parseBody(passwordResetRequestSchema, await readJsonBody(request));
      if (!sendsMails) throw new AppError('MAIL_OFF', MAIL_OFF);
      await requestPasswordReset(auth, body, clientOf(request, response));
      response.status(202).end();
    },
  };
}

function finish({ auth, authenticator }: Deps): ApiRoute {
  return {
    permission: 'public',
    method: 'post',
    path: '/auth/password-reset/finish',
    operation: {
      operationId: 'finishPasswordReset',
      summary: 'Choose a new password by the token of that link',
      description:
        'Signs you out everywhere. Then sign in; a second factor is asked for as before. RESET_INVALID for a token that ' +
        'is wrong, too old or used.',
      tags: TAGS,
      request: { body: jsonBody('PasswordReset') },
      responses: { 204: { description: 'Changed.' }, ...problemResponses(413, 415, 422) },
    },
    async handle(request, response) {
      const body = parseBody(passwordResetSchema, await readJsonBody(request));
      await resetPassword(auth, body, clientOf(request, response));
      authenticator.forgetAll();
      response.status(204).end();
    },
  };
}
