import { finishSignIn, readRefreshToken, refreshSession, signIn, stepUp } from '@cookie-scanner/auth';
import { loginSchema, mfaLoginSchema, stepUpSchema, type LoginAnswer } from '@cookie-scanner/contracts';
import { AppError } from '@cookie-scanner/errors';
import { readJsonBody } from '../body/read-json-body.ts';
import type { GatewayDeps } from '../gateway-deps.ts';
import { accessTokenAnswer } from '../http/access-token-answer.ts';
import type { ApiRoute } from '../http/api-route.ts';
import { auditActorOf } from '../http/audit-actor.ts';
import { clientOf } from '../http/client.ts';
import { jsonAnswer, jsonBody } from '../http/json-body.ts';
import { parseBody } from '../http/parse-input.ts';
import { refreshCookie, type RefreshCookie } from '../http/refresh-cookie.ts';
import { secondFactorProofOf } from '../http/second-factor-proof.ts';
import { problemResponses } from './problem-responses.ts';

type Deps = Pick<GatewayDeps, 'auth' | 'authenticator' | 'publicUrl'>;
const TAGS = ['Signing in'];

/** Signing in, staying signed in, and signing out. */
export function signInRoutes(deps: Deps): ApiRoute[] {
  const cookie = refreshCookie({ isHttps: deps.publicUrl?.startsWith('https:') ?? false });
  return [
    login(deps, cookie),
    loginMfa(deps, cookie),
    refresh(deps, cookie),
    logout(deps, cookie),
    step(deps),
  ];
}

function login({ auth }: Deps, cookie: RefreshCookie): ApiRoute {
  return {
    permission: 'public',
    method: 'post',
    path: '/auth/login',
    operation: {
      operationId: 'login',
      summary: 'Sign in by mail address and password',
      description:
        'Answers with an access token and sets the refresh token as a cookie. With a second factor, status is ' +
        'mfa_required instead, and the login goes on at /auth/login/mfa.',
      tags: TAGS,
      request: { body: jsonBody('Login') },
      responses: {
        200: jsonAnswer('LoginAnswer', 'Signed in, or on the way to it.'),
        ...problemResponses(401, 413, 415, 422, 429),
      },
    },
    async handle(request, response) {
      const body = parseBody(loginSchema, await readJsonBody(request));
      const result = await signIn(auth, body, clientOf(request, response));
      if (result.kind === 'signed_in') cookie.set(response, result);
      const answer: LoginAnswer =
        result.kind === 'signed_in'
          ? { status: 'signed_in', ...accessTokenAnswer(result) }
          : {
              status: 'mfa_required',
              mfaToken: result.pendingToken,
              expiresInSeconds: result.expiresInSeconds,
            };
      response.json(answer);
    },
  };
}

function loginMfa({ auth }: Deps, cookie: RefreshCookie): ApiRoute {
  return {
    permission: 'public',
    method: 'post',
    path: '/auth/login/mfa',
    operation: {
      operationId: 'loginMfa',
      summary: 'Finish signing in with the second factor',
      tags: TAGS,
      request: { body: jsonBody('MfaLogin') },
      responses: { 200: jsonAnswer('Token', 'Signed in.'), ...problemResponses(401, 413, 415, 422, 429) },
    },
    async handle(request, response) {
      const body = parseBody(mfaLoginSchema, await readJsonBody(request));
      const proof = secondFactorProofOf(body);
      if (!proof) throw new AppError('INPUT_INVALID', 'A code is missing.');
      const session = await finishSignIn(auth, body.mfaToken, proof, clientOf(request, response));
      cookie.set(response, session);
      response.json(accessTokenAnswer(session));
    },
  };
}

function refresh({ auth, authenticator }: Deps, cookie: RefreshCookie): ApiRoute {
  return {
    permission: 'public',
    method: 'post',
    path: '/auth/refresh',
    operation: {
      operationId: 'refreshToken',
      summary: 'Change the refresh cookie for a new access token',
      description:
        'The cookie is replaced. An old one that comes back ends the session, because two have it.',
      tags: TAGS,
      responses: { 200: jsonAnswer('Token', 'A new token.'), ...problemResponses(401, 429) },
    },
    async handle(request, response) {
      const token = cookie.read(request);
      if (token === null) throw new AppError('TOKEN_INVALID', 'There is no refresh token; sign in.');
      try {
        const session = await refreshSession(auth, token, clientOf(request, response));
        cookie.set(response, session);
        response.json(accessTokenAnswer(session));
      } catch (error) {
        cookie.clear(response);
        authenticator.forgetAll();
        throw error;
      }
    },
  };
}

function logout({ auth, authenticator }: Deps, cookie: RefreshCookie): ApiRoute {
  return {
    permission: 'public',
    method: 'post',
    path: '/auth/logout',
    operation: {
      operationId: 'logout',
      summary: 'Sign out here',
      description: 'Ends the session of the refresh cookie. Answers the same when there is none.',
      tags: TAGS,
      responses: { 204: { description: 'Signed out.' }, ...problemResponses(429) },
    },
    async handle(request, response) {
      const place = readRefreshToken(auth.keys, cookie.read(request) ?? '');
      if (place) {
        const session = { id: place.sessionId, userId: null };
        await auth.sessions.end(session, 'logout', auditActorOf(null, request, response));
        authenticator.forgetAll();
      }
      cookie.clear(response);
      response.status(204).end();
    },
  };
}

function step({ auth }: Deps): ApiRoute {
  return {
    permission: 'account:write',
    method: 'post',
    path: '/auth/step-up',
    operation: {
      operationId: 'stepUp',
      summary: 'Prove again who you are, before something dangerous',
      description: 'The new access token opens for ten minutes what else answers STEP_UP_REQUIRED.',
      tags: TAGS,
      request: { body: jsonBody('StepUp') },
      responses: { 200: jsonAnswer('Token', 'A token that says so.'), ...problemResponses(413, 415, 422) },
    },
    async handle(request, response, person) {
      const body = parseBody(stepUpSchema, await readJsonBody(request));
      const proof = secondFactorProofOf(body);
      const client = clientOf(request, response);
      const accessToken = await stepUp(auth, person, { password: body.password, proof }, client);
      const expiresInSeconds = auth.lifetimes().jwtLifetimeSeconds;
      response.json(accessTokenAnswer({ accessToken, expiresInSeconds }));
    },
  };
}
