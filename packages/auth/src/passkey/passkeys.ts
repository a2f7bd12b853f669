import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import type { NewCredential, Passkey, UsedCredential } from '@cookie-scanner/contracts';
import { AppError } from '@cookie-scanner/errors';
import { asUser, type AuthDeps, type Client } from '../auth-deps.ts';
import type { Person } from '../policy/caller.ts';
import { beginSession, freshAccessToken, type SignedIn } from '../account/session-tokens.ts';
import { challengeTime, newChallenge, type ChallengePurpose } from './challenge.ts';

/** Who we are to a key: the host people see, and the addresses whose pages may ask. From settings, never from a request. */
export interface RelyingParty {
  /** Host name without port. */
  readonly id: string;
  readonly origin: string;
}

type Deps = Pick<AuthDeps, 'keys' | 'passkeys'>;

/** What a browser needs to make a new key. */
export async function passkeyRegistrationOptions(
  { keys, passkeys }: Deps,
  person: Person,
  party: RelyingParty,
) {
  const known = await passkeys.credentialIdsOf(person.userId);
  return generateRegistrationOptions({
    rpName: 'Cookie Scanner',
    rpID: party.id,
    userName: person.email,
    userID: Uint8Array.from(Buffer.from(person.userId)),
    challenge: Uint8Array.from(newChallenge(keys, 'passkey-registration', person.userId)),
    excludeCredentials: known.map((id) => ({ id })),
    // It takes the place of password and second factor, so it must be found without a name and ask for more than presence.
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  });
}

/**
 * Adds a new key to an account.
 *
 * @throws AppError CREDENTIALS_WRONG when it does not answer a challenge of ours, and CONFLICT for a key that is known
 */
export async function addPasskey(
  { keys, passkeys }: Deps,
  person: Person,
  { name, credential }: { name: string; credential: NewCredential },
  party: RelyingParty,
  client: Client,
): Promise<Passkey> {
  const { userId, email } = person;
  const { challenge, challengedAt } = answeredChallenge(keys, credential, 'passkey-registration', userId);
  const { transports = [], clientDataJSON, attestationObject } = credential.response;
  const { registrationInfo } = await verified(
    verifyRegistrationResponse({
      response: { ...namesOf(credential), response: { clientDataJSON, attestationObject } },
      ...expected(party, challenge),
    }),
  );
  if (!registrationInfo) throw passkeyWrong();
  const { id: credentialId, publicKey, counter } = registrationInfo.credential;
  const isBackedUp = registrationInfo.credentialBackedUp;
  return passkeys.add(
    { userId, name, credentialId, publicKey, counter, transports, isBackedUp, challengedAt },
    asUser({ id: userId, email }, client),
  );
}

/**
 * What a browser needs to find a key and sign with it.
 *
 * @param person - null where it is not known yet who signs in: the key says it
 */
export function passkeyUseOptions({ keys }: Pick<Deps, 'keys'>, person: Person | null, party: RelyingParty) {
  return generateAuthenticationOptions({
    rpID: party.id,
    challenge: Uint8Array.from(newChallenge(keys, purposeFor(person), person?.userId ?? null)),
    userVerification: 'required',
  });
}

/**
 * Signs somebody in by a key. It stands for password and second factor: the key itself, and what opened it.
 *
 * @throws AppError CREDENTIALS_WRONG for whatever is wrong, also with the account
 */
export async function signInByPasskey(
  deps: AuthDeps,
  credential: UsedCredential,
  party: RelyingParty,
  client: Client,
): Promise<SignedIn> {
  const userId = await usePasskey(deps, null, credential, party);
  const account = await deps.users.findCredentials({ id: userId });
  if (account?.state !== 'active') throw passkeyWrong();
  await deps.users.noteLogin(account.id, null);
  return beginSession(deps, account, client);
}

/**
 * Lets somebody who is signed in prove again who they are, by a key of theirs.
 *
 * @returns an access token that says so
 * @throws AppError CREDENTIALS_WRONG
 */
export async function stepUpByPasskey(
  deps: AuthDeps,
  person: Person,
  credential: UsedCredential,
  party: RelyingParty,
): Promise<string> {
  const userId = await usePasskey(deps, person, credential, party);
  const account = await deps.users.findCredentials({ id: userId });
  if (account?.state !== 'active') throw passkeyWrong();
  const { tokenVersion } = account;
  return freshAccessToken(deps, { userId, tokenVersion, sessionId: person.sessionId });
}

/** Checks a signature and uses its challenge up; the id of the key's owner. */
async function usePasskey(
  { keys, passkeys }: Deps,
  person: Person | null,
  credential: UsedCredential,
  party: RelyingParty,
): Promise<string> {
  const passkey = await passkeys.findByCredential(credential.id);
  if (!passkey || (person && passkey.userId !== person.userId)) throw passkeyWrong();
  const { challenge, challengedAt } = answeredChallenge(
    keys,
    credential,
    purposeFor(person),
    person?.userId ?? null,
  );
  const { id, publicKey, counter } = passkey;
  const { userHandle, ...response } = credential.response;
  const isOwners = !userHandle || Buffer.from(userHandle, 'base64url').toString() === passkey.userId;
  const result = await verified(
    verifyAuthenticationResponse({
      response: { ...namesOf(credential), response },
      ...expected(party, challenge),
      credential: { id: credential.id, publicKey: Uint8Array.from(publicKey), counter },
    }),
  );
  if (!result.verified || !isOwners) throw passkeyWrong();
  const { newCounter, credentialBackedUp } = result.authenticationInfo;
  const use = { counter: newCounter, isBackedUp: credentialBackedUp, challengedAt };
  if (!(await passkeys.noteUse(id, use))) throw passkeyWrong();
  return passkey.userId;
}

/** A credential without what its browser says beside its signature, none of which counts. */
function namesOf({ id, rawId, type }: Pick<UsedCredential, 'id' | 'rawId' | 'type'>) {
  return { id, rawId, type, clientExtensionResults: {} };
}

function purposeFor(person: Person | null): ChallengePurpose {
  return person ? 'passkey-step-up' : 'passkey-login';
}

/**
 * The challenge that a key answered, and when it was made.
 *
 * @throws AppError CREDENTIALS_WRONG when it is none of ours, for something or somebody else, or too old
 */
function answeredChallenge(
  keys: AuthDeps['keys'],
  { response }: { response: { clientDataJSON: string } },
  purpose: ChallengePurpose,
  owner: string | null,
): { challenge: string; challengedAt: Date } {
  const challenge = challengeIn(response.clientDataJSON);
  const challengedAt = challengeTime(keys, challenge, purpose, owner);
  if (challengedAt === null) throw passkeyWrong();
  return { challenge, challengedAt };
}

/** As the browser says it; the library looks at the rest of what was signed. Empty when there is none. */
function challengeIn(clientDataJson: string): string {
  try {
    const data: unknown = JSON.parse(Buffer.from(clientDataJson, 'base64url').toString());
    const isObject = typeof data === 'object' && data !== null && 'challenge' in data;
    return isObject && typeof data.challenge === 'string' ? data.challenge : '';
  } catch {
    return ''; // Not JSON.
  }
}

function expected({ id, origin }: RelyingParty, challenge: string) {
  return {
    expectedChallenge: challenge,
    expectedOrigin: origin,
    expectedRPID: id,
    requireUserVerification: true,
  };
}

/** The library throws for everything that is not as it should be; which of it, is told to nobody. */
async function verified<T>(check: Promise<T>): Promise<T> {
  try {
    return await check;
  } catch (error) {
    throw passkeyWrong(error);
  }
}

function passkeyWrong(cause?: unknown): AppError {
  return new AppError('CREDENTIALS_WRONG', 'The passkey was not accepted.', {}, { cause });
}
