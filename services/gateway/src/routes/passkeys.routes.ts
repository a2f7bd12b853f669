import { addPasskey, passkeyRegistrationOptions } from '@cookie-scanner/auth';
import { passkeyCreateSchema } from '@cookie-scanner/contracts';
import { AppError } from '@cookie-scanner/errors';
import { z } from 'zod';
import { readJsonBody } from '../body/read-json-body.ts';
import type { GatewayDeps } from '../gateway-deps.ts';
import type { PersonalRoute } from '../http/api-route.ts';
import { auditActorOf } from '../http/audit-actor.ts';
import { clientOf } from '../http/client.ts';
import { jsonAnswer, jsonBody } from '../http/json-body.ts';
import { parseBody } from '../http/parse-input.ts';
import { relyingPartyOf } from '../http/relying-party.ts';
import { uuidOf } from '../http/uuid.ts';
import { problemResponses } from './problem-responses.ts';

type Deps = Pick<GatewayDeps, 'auth' | 'publicUrl'>;

/** Whoever adds or takes away a key owns the account. */
const DANGEROUS = { permission: 'account:write', needsFreshProof: true } as const;
const PATH = '/me/passkeys';
const TAGS = ['Account'];

/** The passkeys of one's account. */
export function passkeysRoutes({ auth, publicUrl }: Deps): PersonalRoute[] {
  return [
    {
      permission: 'account:read',
      method: 'get',
      path: PATH,
      operation: {
        operationId: 'listPasskeys',
        summary: 'List your passkeys',
        tags: TAGS,
        responses: { 200: jsonAnswer('PasskeyList', 'The oldest first.'), ...problemResponses() },
      },
      async handle(_request, response, { userId }) {
        response.json({ items: await auth.passkeys.listOf(userId) });
      },
    },
    {
      ...DANGEROUS,
      method: 'post',
      path: `${PATH}/options`,
      operation: {
        operationId: 'passkeyRegistrationOptions',
        summary: 'Begin to add a passkey',
        description: 'What navigator.credentials.create needs, good for five minutes.',
        tags: TAGS,
        responses: { 200: jsonAnswer('PasskeyOptions', 'For the browser, as it is.'), ...problemResponses() },
      },
      async handle(request, response, person) {
        response.json(await passkeyRegistrationOptions(auth, person, relyingPartyOf(publicUrl, request)));
      },
    },
    {
      ...DANGEROUS,
      method: 'post',
      path: PATH,
      operation: {
        operationId: 'addPasskey',
        summary: 'Add a passkey',
        tags: TAGS,
        request: { body: jsonBody('PasskeyCreate') },
        responses: { 201: jsonAnswer('Passkey', 'The passkey.'), ...problemResponses(409, 413, 415, 422) },
      },
      async handle(request, response, person) {
        const wanted = parseBody(passkeyCreateSchema, await readJsonBody(request));
        const party = relyingPartyOf(publicUrl, request);
        response.status(201).json(await addPasskey(auth, person, wanted, party, clientOf(request, response)));
      },
    },
    {
      ...DANGEROUS,
      method: 'delete',
      path: `${PATH}/{passkeyId}`,
      operation: {
        operationId: 'removePasskey',
        summary: 'Take a passkey away',
        tags: TAGS,
        request: { params: z.object({ passkeyId: z.uuid() }) },
        responses: { 204: { description: 'Taken away.' }, ...problemResponses(404) },
      },
      async handle(request, response, person) {
        const id = uuidOf(request.params['passkeyId']);
        const by = auditActorOf(person, request, response);
        if (id === null || !(await auth.passkeys.remove({ id, userId: person.userId }, by))) {
          throw new AppError('PASSKEY_NOT_FOUND', 'You have no passkey with this id.');
        }
        response.status(204).end();
      },
    },
  ];
}
