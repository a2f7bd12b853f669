import { randomUUID } from 'node:crypto';
import type { Credentials } from '@cookie-scanner/database';
import { asStranger, asUser, type AuthDeps, type Client } from '../auth-deps.ts';
import { signAccessToken, tokenInvalid } from '../token/access-token.ts';
import { readRefreshToken, refreshToken, refreshTokenHash } from '../token/refresh-token.ts';

/** A refresh token just replaced may come back so long, because an answer was lost or two tabs asked at once. */
const GRACE_SECONDS = 10;

/** What signing in or refreshing gives. */
export interface SignedIn {
  readonly userId: string;
  readonly sessionId: string;
  readonly accessToken: string;
  readonly expiresInSeconds: number;
  readonly refreshToken: string;
  /** Seconds until the refresh token is of no use, if it is not used. */
  readonly refreshExpiresInSeconds: number;
}

type Deps = Pick<AuthDeps, 'keys' | 'sessions' | 'lifetimes'>;

/** Begins a session for somebody who has just proved who they are. */
export async function beginSession(deps: Deps, account: Credentials, client: Client): Promise<SignedIn> {
  const sessionId = randomUUID();
  const token = refreshToken(deps.keys, { sessionId, rotation: 0 });
  const { refreshLifetimeSeconds } = deps.lifetimes();
  await deps.sessions.begin(
    {
      id: sessionId,
      userId: account.id,
      tokenHash: refreshTokenHash(token),
      lifetimeSeconds: refreshLifetimeSeconds,
      ip: client.address,
      userAgent: client.userAgent,
    },
    asUser(account, client),
  );
  const session = { userId: account.id, tokenVersion: account.tokenVersion, sessionId };
  return signedIn(deps, session, token, freshAccessToken(deps, session));
}

/** An access token that says that its owner has just proved who they are. */
export function freshAccessToken(
  { keys, lifetimes }: Pick<Deps, 'keys' | 'lifetimes'>,
  { userId, tokenVersion, sessionId }: { userId: string; tokenVersion: number; sessionId: string },
): string {
  const claims = { sub: userId, sid: sessionId, tv: tokenVersion, kind: 'access' } as const;
  const auth_time = Math.floor(Date.now() / 1_000);
  return signAccessToken(keys, { ...claims, auth_time }, lifetimes().jwtLifetimeSeconds);
}

/**
 * Changes a refresh token for the next one and a new access token.
 *
 * @throws AppError TOKEN_INVALID also for a token that was used before: then its whole session ends, because two have it
 */
export async function refreshSession(deps: Deps, text: string, client: Client): Promise<SignedIn> {
  const place = readRefreshToken(deps.keys, text);
  if (!place) throw tokenInvalid();
  const { sessionId, rotation } = place;
  const successor = refreshToken(deps.keys, { sessionId, rotation: rotation + 1 });
  const result = await deps.sessions.rotate(
    {
      sessionId,
      rotation,
      tokenHash: refreshTokenHash(text),
      successorHash: refreshTokenHash(successor),
      idleSeconds: deps.lifetimes().refreshIdleSeconds,
      graceSeconds: GRACE_SECONDS,
    },
    asStranger(client),
  );
  if (result.kind !== 'rotated') throw tokenInvalid();
  const { userId, tokenVersion } = result;
  const claims = { sub: userId, sid: sessionId, tv: tokenVersion, kind: 'access' } as const;
  const accessToken = signAccessToken(deps.keys, claims, deps.lifetimes().jwtLifetimeSeconds);
  return signedIn(deps, { userId, tokenVersion, sessionId }, successor, accessToken);
}

function signedIn(
  { lifetimes }: Pick<Deps, 'lifetimes'>,
  { userId, sessionId }: { userId: string; tokenVersion: number; sessionId: string },
  token: string,
  accessToken: string,
): SignedIn {
  const { jwtLifetimeSeconds, refreshIdleSeconds } = lifetimes();
  return {
    userId,
    sessionId,
    accessToken,
    expiresInSeconds: jwtLifetimeSeconds,
    refreshToken: token,
    refreshExpiresInSeconds: refreshIdleSeconds,
  };
}
