import { passwordProblem, type PasswordChange } from '@cookie-scanner/contracts';
import { AppError } from '@cookie-scanner/errors';
import { asUser, type AuthDeps, type Client } from '../auth-deps.ts';
import type { Person } from '../policy/caller.ts';
import { provePassword } from './sign-in.ts';

/**
 * Changes one's own password; everywhere else one is signed out.
 *
 * @throws AppError CREDENTIALS_WRONG, TOO_MANY_ATTEMPTS for the old one, INPUT_INVALID for the new one
 */
export async function changePassword(
  deps: AuthDeps,
  person: Person,
  { currentPassword, newPassword }: PasswordChange,
  client: Client,
): Promise<void> {
  const account = await provePassword(deps, { email: person.email, password: currentPassword }, client);
  const problem = passwordProblem(newPassword, account);
  if (problem !== null) {
    const errors = [{ pointer: '#/newPassword', detail: problem }];
    throw new AppError('INPUT_INVALID', `The new password ${problem}.`, { errors });
  }
  await deps.users.setPassword(account.id, await deps.passwords.hash(newPassword), {
    keepSessionId: person.sessionId,
    by: asUser(account, client),
  });
}
