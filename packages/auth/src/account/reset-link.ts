import { randomUUID } from 'node:crypto';
import type { UserRepository } from '@cookie-scanner/database';
import { AppError } from '@cookie-scanner/errors';
import type { AuthKeys } from '../auth-keys.ts';
import { mailedToken } from '../token/mailed-token.ts';
import { secretHash } from '../token/secret-hash.ts';

const LIFETIME_SECONDS = 3_600;

/**
 * Makes a link by which the owner of an account chooses a new password, once, within an hour: for installations that send
 * no mails, where whoever runs it hands the link over. Nobody learns a password by it, and sessions go on until it is used.
 *
 * @param publicUrl - where people reach the installation
 * @throws AppError INPUT_INVALID when the address has no active account
 */
export async function makeResetLink(
  {
    keys,
    users,
  }: { keys: Pick<AuthKeys, 'mailedToken' | 'pepper'>; users: Pick<UserRepository, 'leavePasswordReset'> },
  { email, publicUrl }: { email: string; publicUrl: string },
): Promise<string> {
  const tokenId = randomUUID();
  const token = mailedToken(keys, tokenId);
  const reset = { email, tokenId, tokenHash: secretHash(keys, token), lifetimeSeconds: LIFETIME_SECONDS };
  if (!(await users.leavePasswordReset(reset, { actorKind: 'system' }))) {
    throw new AppError('INPUT_INVALID', `There is no active account with the address ${email}.`);
  }
  return `${publicUrl}/account/new-password#token=${token}`;
}
