import { passkeyUseOptions, signInByPasskey, stepUpByPasskey } from '@cookie-scanner/auth';
import { passkeyUseSchema } from '@cookie-scanner/contracts';
import { readJsonBody } from '../body/read-json-body.ts';
import type { GatewayDeps } from '../gateway-deps.ts';
import { accessTokenAnswer } from '../http/access-token-answer.ts';
import type { ApiRoute } from '../http/api-route.ts';
import { clientOf } from '../http/client.ts';
import { jsonAnswer, jsonBody } from '../http/json-body.ts';
import { parseBody } from '../http/parse-input.ts';
import { refreshCookie } from '../http/refresh-cookie.ts';
import { relyingPartyOf } from '../http/relying-party.ts';
import { problemResponses } from './problem-responses.ts';

const TAGS = ['Signing in'];

/** Signing in and proving again who one is, by a passkey. */
export function passkeySignInRoutes({
  auth,
  publicUrl,
}: Pick<GatewayDeps, 'auth' | 'publicUrl'>): ApiRoute[] {
  const cookie = refreshCookie({ isHttps: publicUrl?.startsWith('https:') ?? false });
  return [
    {
      permission: 'public',
      method: 'post',
      path: '/auth/login/passkey/options',
      operation: {
        operationId: 'passkeyLoginOptions',
        summary: 'Begin to sign in by a passkey',
        description: 'What navigator.credentials.get needs, good for five minutes. It names no account.',
        tags: TAGS,
        responses: { 200: jsonAnswer('PasskeyOptions', 'For the browser, as it is.'), ...problemResponses() },
      },
      async handle(request, response) {
        response.json(await passkeyUseOptions(auth, null, relyingPartyOf(publicUrl, request)));
      },
    },
    {
      permission: 'public',
      method: 'post',
      path: '/auth/login/passkey',
      operation: {
        operationId: 'loginByPasskey',
        summary: 'Sign in by a passkey',
        description:
          'It stands for password and second factor. Sets the refresh cookie as a login by password does.',
        tags: TAGS,
        request: { body: jsonBody('PasskeyUse') },
        responses: { 200: jsonAnswer('Token', 'Signed in.'), ...problemResponses(401, 413, 415, 422) },
      },
      async handle(request, response) {
        const { credential } = parseBody(passkeyUseSchema, await readJsonBody(request));
        const party = relyingPartyOf(publicUrl, request);
        const session = await signInByPasskey(auth, credential, party, clientOf(request, response));
        cookie.set(response, session);
        response.json(accessTokenAnswer(session));
      },
    },
    {
      permission: 'account:write',
      method: 'post',
      path: '/auth/step-up/passkey/options',
      operation: {
        operationId: 'passkeyStepUpOptions',
        summary: 'Begin to prove again who you are, by a passkey',
        tags: TAGS,
        responses: { 200: jsonAnswer('PasskeyOptions', 'For the browser, as it is.'), ...problemResponses() },
      },
      async handle(request, response, person) {
        response.json(await passkeyUseOptions(auth, person, relyingPartyOf(publicUrl, request)));
      },
    },
    {
      permission: 'account:write',
      method: 'post',
      path: '/auth/step-up/passkey',
      operation: {
        operationId: 'stepUpByPasskey',
        summary: 'Prove again who you are, by a passkey',
        tags: TAGS,
        request: { body: jsonBody('PasskeyUse') },
        responses: { 200: jsonAnswer('Token', 'A token that says so.'), ...problemResponses(413, 415, 422) },
      },
      async handle(request, response, person) {
        const { credential } = parseBody(passkeyUseSchema, await readJsonBody(request));
        const party = relyingPartyOf(publicUrl, request);
        const accessToken = await stepUpByPasskey(auth, person, credential, party);
        const expiresInSeconds = auth.lifetimes().jwtLifetimeSeconds;
        response.json(accessTokenAnswer({ accessToken, expiresInSeconds }));
      },
    },
  ];
}
