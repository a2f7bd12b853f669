import { randomUUID } from 'node:crypto';
import type { Login } from '@cookie-scanner/contracts';
import type { Credentials } from '@cookie-scanner/database';
import { AppError } from '@cookie-scanner/errors';
import type { AuthDeps, Client } from '../auth-deps.ts';
import { signAccessToken, tokenInvalid, verifyAccessToken } from '../token/access-token.ts';
import { checkSecondFactor, type SecondFactorProof } from './second-factor.ts';
import { beginSession, type SignedIn } from './session-tokens.ts';
import { delayAfterFailures, tooManyAttempts } from './sign-in-limits.ts';

/** How long somebody may look for their phone. */
const PENDING_LIFETIME_SECONDS = 300;

/** What a password alone comes to: a session, or the request for a second factor. */
export type SignInStep =
  | ({ readonly kind: 'signed_in' } & SignedIn)
  | { readonly kind: 'mfa_required'; readonly pendingToken: string; readonly expiresInSeconds: number };

/**
 * Signs somebody in by mail address and password.
 *
 * An unknown address, an account that is not active and a wrong password get the same answer, after the same work.
 *
 * @throws AppError CREDENTIALS_WRONG, TOO_MANY_ATTEMPTS
 */
export async function signIn(deps: AuthDeps, login: Login, client: Client): Promise<SignInStep> {
  const account = await provePassword(deps, login, client);
  if (!account.mfaEnabled) {
    await deps.limits.forget(login.email, client.address);
    return { kind: 'signed_in', ...(await beginSession(deps, account, client)) };
  }
  const claims = {
    sub: account.id,
    sid: randomUUID(),
    tv: account.tokenVersion,
    kind: 'mfa_pending',
  } as const;
  const pendingToken = signAccessToken(deps.keys, claims, PENDING_LIFETIME_SECONDS);
  return { kind: 'mfa_required', pendingToken, expiresInSeconds: PENDING_LIFETIME_SECONDS };
}

/**
 * Goes on with a login that waits for its second factor.
 *
 * @throws AppError TOKEN_INVALID when the password was given too long ago
 * @throws AppError CREDENTIALS_WRONG, TOO_MANY_ATTEMPTS
 */
export async function finishSignIn(
  deps: AuthDeps,
  pendingToken: string,
  proof: SecondFactorProof,
  client: Client,
): Promise<SignedIn> {
  const { sub, tv } = verifyAccessToken(deps.keys, pendingToken, 'mfa_pending');
  const account = await deps.users.findCredentials({ id: sub });
  if (account?.state !== 'active' || account.tokenVersion !== tv) throw tokenInvalid();
  await deps.limits.take(account.email, client.address);
  await checkSecondFactor(deps, account, proof, client);
  await deps.limits.forget(account.email, client.address);
  return beginSession(deps, account, client);
}

/**
 * The account that this address and password open.
 *
 * @throws AppError CREDENTIALS_WRONG, TOO_MANY_ATTEMPTS
 */
export async function provePassword(
  { users, passwords, limits }: AuthDeps,
  { email, password }: Login,
  client: Client,
): Promise<Credentials> {
  await limits.take(email, client.address);
  const account = await users.findCredentials({ email });
  const heldBackMs = (account?.lockedUntil?.getTime() ?? 0) - Date.now();
  if (heldBackMs > 0) throw tooManyAttempts(heldBackMs / 1_000);

  const passwordHash = account?.state === 'active' ? account.passwordHash : null;
  const isRight = await passwords.verify(passwordHash, password);
  if (!account || !isRight || passwordHash === null) {
    if (account) await users.noteFailedLogin(account.id, delayAfterFailures);
    throw new AppError('CREDENTIALS_WRONG', 'Mail address or password are wrong.');
  }
  const rehashed = passwords.isOutdated(passwordHash) ? await passwords.hash(password) : null;
  await users.noteLogin(account.id, rehashed);
  return account;
}
