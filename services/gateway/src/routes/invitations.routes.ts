import { acceptInvitation } from '@cookie-scanner/auth';
import { invitationAcceptSchema } from '@cookie-scanner/contracts';
import { readJsonBody } from '../body/read-json-body.ts';
import type { GatewayDeps } from '../gateway-deps.ts';
import type { ApiRoute } from '../http/api-route.ts';
import { clientOf } from '../http/client.ts';
import { jsonBody } from '../http/json-body.ts';
import { parseBody } from '../http/parse-input.ts';
import { problemResponses } from './problem-responses.ts';

/** Opening an account: by invitation only. */
export function invitationsRoutes({ auth }: Pick<GatewayDeps, 'auth'>): ApiRoute[] {
  return [
    {
      permission: 'public',
      method: 'post',
      path: '/auth/invitations/accept',
      operation: {
        operationId: 'acceptInvitation',
        summary: 'Open your account by the token of an invitation',
        description: 'Then sign in. Address and rights are those of the invitation.',
        tags: ['Signing in'],
        request: { body: jsonBody('InvitationAccept') },
        responses: { 204: { description: 'The account is open.' }, ...problemResponses(413, 415, 422) },
      },
      async handle(request, response) {
        const body = parseBody(invitationAcceptSchema, await readJsonBody(request));
        await acceptInvitation(auth, body, clientOf(request, response));
        response.status(204).end();
      },
    },
  ];
}
