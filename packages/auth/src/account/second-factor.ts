import { recoveryCodeSchema, totpCodeSchema } from '@cookie-scanner/contracts';
import type { Credentials } from '@cookie-scanner/database';
import { AppError } from '@cookie-scanner/errors';
import { asUser, type AuthDeps, type Client } from '../auth-deps.ts';
import { groupedRecoveryCode, newRecoveryCodes } from '../mfa/recovery-codes.ts';
import { openSecret, sealSecret } from '../token/sealed-secret.ts';
import { newTotp, totpStepOf, type TotpEnrolment } from '../mfa/totp.ts';
import type { Person } from '../policy/caller.ts';
import { secretHash } from '../token/secret-hash.ts';

/** What proves the second factor: the code of the app now, or one of the codes kept for when it is lost. */
export type SecondFactorProof = { readonly code: string } | { readonly recoveryCode: string };

type Deps = Pick<AuthDeps, 'keys' | 'users' | 'secondFactors'>;

/**
 * Checks a second factor and uses it up.
 *
 * @throws AppError CREDENTIALS_WRONG also for a code that was used before
 */
export async function checkSecondFactor(
  deps: Deps,
  account: Credentials,
  proof: SecondFactorProof,
  client: Client,
): Promise<void> {
  const isRight =
    'code' in proof
      ? await useCode(deps, account, proof.code)
      : await useRecoveryCode(deps, account, proof.recoveryCode, client);
  if (!isRight) throw codeWrong();
}

/**
 * Begins to enrol an authenticator app; it counts from `enableTotp` on.
 *
 * @throws AppError CONFLICT when the account has a second factor
 */
export async function enrolTotp({ keys, secondFactors }: Deps, person: Person): Promise<TotpEnrolment> {
  const enrolment = newTotp(person.email);
  const sealed = sealSecret(keys, person.userId, enrolment.secret);
  if (await secondFactors.enrol(person.userId, sealed)) return enrolment;
  throw new AppError('CONFLICT', 'The account has a second factor already; take it away first.');
}

/**
 * Asks for the second factor from now on, once its app has shown a right code.
 *
 * @returns recovery codes, which are shown once
 * @throws AppError CREDENTIALS_WRONG, and CONFLICT when nothing was enrolled
 */
export async function enableTotp(
  deps: Deps,
  person: Person,
  code: string,
  client: Client,
): Promise<string[]> {
  const account = await deps.users.findCredentials({ id: person.userId });
  if (!account?.totpSecretSealed || account.mfaEnabled) throw nothingEnrolled();
  const step = await stepOf(deps, account, code);
  if (step === null) throw codeWrong();
  const { codes, hashes } = freshRecoveryCodes(deps);
  const isEnabled = await deps.secondFactors.enable(person.userId, {
    step,
    recoveryCodeHashes: hashes,
    keepSessionId: person.sessionId,
    by: asUser(account, client),
  });
  if (!isEnabled) throw nothingEnrolled();
  return codes;
}

/**
 * New recovery codes in the place of the old ones.
 *
 * @throws AppError CONFLICT when the account has no second factor
 */
export async function renewRecoveryCodes(deps: Deps, person: Person, client: Client): Promise<string[]> {
  const { codes, hashes } = freshRecoveryCodes(deps);
  const by = asUser({ id: person.userId, email: person.email }, client);
  if (await deps.secondFactors.replaceRecoveryCodes(person.userId, hashes, by)) return codes;
  throw new AppError('CONFLICT', 'The account has no second factor.');
}

function freshRecoveryCodes({ keys }: Pick<Deps, 'keys'>): { codes: string[]; hashes: string[] } {
  const codes = newRecoveryCodes();
  return { codes: codes.map(groupedRecoveryCode), hashes: codes.map((code) => secretHash(keys, code)) };
}

async function useCode(deps: Deps, account: Credentials, text: string): Promise<boolean> {
  const step = account.mfaEnabled ? await stepOf(deps, account, text) : null;
  return step !== null && deps.secondFactors.useStep(account.id, step);
}

async function stepOf({ keys }: Deps, account: Credentials, text: string): Promise<number | null> {
  const code = totpCodeSchema.safeParse(text).data;
  if (code === undefined || !account.totpSecretSealed) return null;
  return totpStepOf(openSecret(keys, account.id, account.totpSecretSealed), code);
}

async function useRecoveryCode(
  { keys, secondFactors }: Deps,
  account: Credentials,
  text: string,
  client: Client,
): Promise<boolean> {
  const code = recoveryCodeSchema.safeParse(text).data;
  if (code === undefined) return false;
  return secondFactors.useRecoveryCode(account.id, secretHash(keys, code), asUser(account, client));
}

function codeWrong(): AppError {
  return new AppError('CREDENTIALS_WRONG', 'The code is wrong, or was used before.');
}

function nothingEnrolled(): AppError {
  return new AppError('CONFLICT', 'No authenticator app is being enrolled; begin again.');
}
