import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { passwordProblem, type PasswordReset, type PasswordResetRequest } from '@cookie-scanner/contracts';
import { AppError } from '@cookie-scanner/errors';
import { asStranger, type AuthDeps, type Client } from '../auth-deps.ts';
import { mailedToken } from '../token/mailed-token.ts';
import { secretHash } from '../token/secret-hash.ts';

const LIFETIME_SECONDS = 3_600;
const MAILS_PER_HOUR_MAX = 3;
/** Longer than the work for an address that has an account, so that how long it took tells nothing. */
const ANSWER_AFTER_MS = 300;

type Deps = Pick<AuthDeps, 'keys' | 'passwords' | 'users' | 'limits'>;

/**
 * Has a link mailed to whoever the address belongs to, to choose a new password with. Comes to the same, after the same
 * time, for addresses that are nobody's.
 *
 * @throws AppError TOO_MANY_ATTEMPTS by where it comes from, not by what address it names
 */
export async function requestPasswordReset(
  { keys, users, limits }: Pick<Deps, 'keys' | 'users' | 'limits'>,
  { email }: PasswordResetRequest,
  client: Client,
): Promise<void> {
  await limits.takeReset(client.address);
  const tokenId = randomUUID();
  const wish = {
    email,
    tokenId,
    tokenHash: secretHash(keys, mailedToken(keys, tokenId)),
    lifetimeSeconds: LIFETIME_SECONDS,
    perHourMax: MAILS_PER_HOUR_MAX,
  };
  await Promise.all([users.wishPasswordReset(wish, asStranger(client)), delay(ANSWER_AFTER_MS)]);
}

/**
 * Sets a new password by the token of a mail. Every session of its owner ends; a second factor is asked for as before.
 *
 * @throws AppError RESET_INVALID, and INPUT_INVALID for a password that must not be chosen
 */
export async function resetPassword(
  { keys, passwords, users, limits }: Deps,
  { token, newPassword }: PasswordReset,
  client: Client,
): Promise<void> {
  await limits.takeReset(client.address);
  const tokenHash = secretHash(keys, token);
  // Asked first, so that nonsense costs no hash of a password.
  const owner = await users.findPasswordResetOwner(tokenHash);
  if (!owner) throw resetInvalid();
  const problem = passwordProblem(newPassword, owner);
  if (problem !== null) {
    const errors = [{ pointer: '#/newPassword', detail: problem }];
    throw new AppError('INPUT_INVALID', `The new password ${problem}.`, { errors });
  }
  const passwordHash = await passwords.hash(newPassword);
  if (!(await users.resetPassword({ tokenHash, passwordHash }, asStranger(client)))) throw resetInvalid();
}

function resetInvalid(): AppError {
  return new AppError('RESET_INVALID', 'The link is not valid, or not any more. Ask for another mail.');
}
