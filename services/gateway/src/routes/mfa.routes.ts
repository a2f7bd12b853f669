import { enableTotp, enrolTotp, renewRecoveryCodes } from '@cookie-scanner/auth';
import { mfaEnableSchema } from '@cookie-scanner/contracts';
import { AppError } from '@cookie-scanner/errors';
import { readJsonBody } from '../body/read-json-body.ts';
import type { GatewayDeps } from '../gateway-deps.ts';
import type { ApiRoute, PersonalRoute } from '../http/api-route.ts';
import { auditActorOf } from '../http/audit-actor.ts';
import { clientOf } from '../http/client.ts';
import { jsonAnswer, jsonBody } from '../http/json-body.ts';
import { parseBody } from '../http/parse-input.ts';
import { problemResponses } from './problem-responses.ts';

type Deps = Pick<GatewayDeps, 'auth' | 'authenticator'>;

/** All of these need a fresh proof: whoever changes the second factor owns the account. */
const DANGEROUS = { permission: 'account:write', needsFreshProof: true } as const;
const TAGS = ['Account'];

/** The second factor of one's account. */
export function mfaRoutes(deps: Deps): ApiRoute[] {
  return [enrol(deps), enable(deps), renew(deps), disable(deps)];
}

function enrol({ auth }: Deps): PersonalRoute {
  return {
    ...DANGEROUS,
    method: 'post',
    path: '/me/mfa',
    operation: {
      operationId: 'enrolMfa',
      summary: 'Begin to set up an authenticator app',
      tags: TAGS,
      responses: { 200: jsonAnswer('MfaEnrolment', 'What the app needs.'), ...problemResponses(409) },
    },
    async handle(_request, response, person) {
      response.json(await enrolTotp(auth, person));
    },
  };
}

function enable({ auth, authenticator }: Deps): PersonalRoute {
  return {
    ...DANGEROUS,
    method: 'post',
    path: '/me/mfa/enable',
    operation: {
      operationId: 'enableMfa',
      summary: 'Ask for the second factor from now on',
      description: 'Shows the recovery codes this once, and signs you out everywhere else.',
      tags: TAGS,
      request: { body: jsonBody('MfaEnable') },
      responses: {
        200: jsonAnswer('RecoveryCodes', 'Codes for when the phone is lost.'),
        ...problemResponses(409, 413, 415, 422),
      },
    },
    async handle(request, response, person) {
      const { code } = parseBody(mfaEnableSchema, await readJsonBody(request));
      const client = clientOf(request, response);
      await auth.limits.take(person.email, client.address);
      const recoveryCodes = await enableTotp(auth, person, code, client);
      authenticator.forgetAll();
      response.json({ recoveryCodes });
    },
  };
}

function renew({ auth }: Deps): PersonalRoute {
  return {
    ...DANGEROUS,
    method: 'post',
    path: '/me/mfa/recovery-codes',
    operation: {
      operationId: 'renewRecoveryCodes',
      summary: 'Replace the recovery codes',
      tags: TAGS,
      responses: { 200: jsonAnswer('RecoveryCodes', 'The new codes.'), ...problemResponses(409) },
    },
    async handle(request, response, person) {
      const recoveryCodes = await renewRecoveryCodes(auth, person, clientOf(request, response));
      response.json({ recoveryCodes });
    },
  };
}

function disable({ auth, authenticator }: Deps): PersonalRoute {
  return {
    ...DANGEROUS,
    method: 'delete',
    path: '/me/mfa',
    operation: {
      operationId: 'disableMfa',
      summary: 'Take the second factor away',
      tags: TAGS,
      responses: { 204: { description: 'Taken away.' }, ...problemResponses(409) },
    },
    async handle(request, response, person) {
      const by = auditActorOf(person, request, response);
      const options = { keepSessionId: person.sessionId, by };
      if (!(await auth.secondFactors.disable(person.userId, options))) {
        throw new AppError('CONFLICT', 'The account has no second factor.');
      }
      authenticator.forgetAll();
      response.status(204).end();
    },
  };
}
