import { AppError } from '@cookie-scanner/errors';
import type { AuthDeps, Client } from '../auth-deps.ts';
import type { Person } from '../policy/caller.ts';
import { checkSecondFactor, type SecondFactorProof } from './second-factor.ts';
import { freshAccessToken } from './session-tokens.ts';
import { provePassword } from './sign-in.ts';

/**
 * Lets somebody who is signed in prove again who they are, before something dangerous.
 *
 * @param proof - null for accounts without a second factor
 * @returns an access token that says so
 * @throws AppError CREDENTIALS_WRONG, TOO_MANY_ATTEMPTS, and MFA_REQUIRED when the second factor is missing
 */
export async function stepUp(
  deps: AuthDeps,
  person: Person,
  { password, proof }: { password: string; proof: SecondFactorProof | null },
  client: Client,
): Promise<string> {
  const account = await provePassword(deps, { email: person.email, password }, client);
  if (account.mfaEnabled) {
    if (!proof) throw new AppError('MFA_REQUIRED', 'The code of your second factor is needed too.');
    await checkSecondFactor(deps, account, proof, client);
  }
  await deps.limits.forget(account.email, client.address);
  const { id: userId, tokenVersion } = account;
  return freshAccessToken(deps, { userId, tokenVersion, sessionId: person.sessionId });
}
