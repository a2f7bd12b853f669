import { timingSafeEqual } from 'node:crypto';
import type { KeyAccess, SessionAccess } from '@cookie-scanner/database';
import { AppError } from '@cookie-scanner/errors';
import { apiKeyPrefixOf } from '../api-key/api-key-text.ts';
import { isFromOneOf } from '../api-key/caller-network.ts';
import type { AuthDeps } from '../auth-deps.ts';
import type { Caller, Person, Program } from '../policy/caller.ts';
import { tokenInvalid, verifyAccessToken } from '../token/access-token.ts';
import { secretHash } from '../token/secret-hash.ts';
import { briefMemory, type BriefMemory } from './brief-memory.ts';

/** What was looked up counts so long: then a role that was taken away elsewhere is gone here too. */
const REMEMBERED_MS = 2_000;
const REMEMBERED_COUNT_MAX = 10_000;
/** The last use of a key is kept to the minute, so it need not be written more often. */
const USE_NOTED_MS = 30_000;

/** Says who sends a request. */
export interface Authenticator {
  /**
   * The caller that this bearer token or API key stands for, with the rights of this moment (at most 2 s old).
   *
   * @throws AppError TOKEN_INVALID, MFA_REQUIRED
   */
  authenticate(bearer: string, address: string | null): Promise<Caller>;
  /** Forgets what it remembers, so that a change made in this process counts at once. */
  forgetAll(): void;
}

/** Opens the authenticator of a process. */
export function authenticator(deps: Pick<AuthDeps, 'keys' | 'access'>): Authenticator {
  const { access } = deps;
  const limits = { lifetimeMs: REMEMBERED_MS, countMax: REMEMBERED_COUNT_MAX };
  const sessions = briefMemory((id: string) => access.ofSession(id), limits);
  const uses = briefMemory((id: string) => access.noteKeyUse(id), { ...limits, lifetimeMs: USE_NOTED_MS });
  const apiKeys = briefMemory((prefix: string) => access.ofKey(prefix), limits);
  return {
    authenticate: (bearer, address) =>
      bearer.startsWith('cks_')
        ? authenticateProgram(deps.keys, { apiKeys, uses }, bearer, address)
        : authenticatePerson(deps, sessions, bearer),
    forgetAll() {
      sessions.clear();
      apiKeys.clear();
      uses.clear();
    },
  };
}

async function authenticatePerson(
  { keys }: Pick<AuthDeps, 'keys'>,
  sessions: BriefMemory<SessionAccess | null>,
  bearer: string,
): Promise<Person> {
  const token = verifyAccessToken(keys, bearer, 'access');
  const session = await sessions.get(token.sid);
  const isGood =
    session?.isOpen &&
    session.state === 'active' &&
    session.userId === token.sub &&
    session.tokenVersion === token.tv;
  if (!isGood) throw tokenInvalid();
  const { userId, email, roles, memberships } = session;
  return {
    kind: 'person',
    userId,
    email,
    sessionId: token.sid,
    authenticatedAtSeconds: token.auth_time ?? null,
    roles,
    memberships,
  };
}

async function authenticateProgram(
  keys: AuthDeps['keys'],
  { apiKeys, uses }: { apiKeys: BriefMemory<KeyAccess | null>; uses: BriefMemory<void> },
  bearer: string,
  address: string | null,
): Promise<Program> {
  const prefix = apiKeyPrefixOf(bearer);
  const key = prefix === null ? null : await apiKeys.get(prefix);
  const isGood =
    key &&
    isSame(key.keyHash, secretHash(keys, bearer)) &&
    !key.isRevoked &&
    !key.isExpired &&
    key.userState === 'active';
  if (!isGood) throw new AppError('TOKEN_INVALID', 'The API key is not valid, or not any more.');
  if (!isFromOneOf(address, key.callerNetworks)) {
    throw new AppError('TOKEN_INVALID', 'The API key does not work from this address.', { keyId: key.id });
  }
  await uses.get(key.id);
  return {
    kind: 'program',
    keyId: key.id,
    keyName: key.name,
    userId: key.userId,
    scopes: key.scopes,
    memberships: key.role === null ? [] : [{ workspaceId: key.workspaceId, role: key.role }],
    rateLimitPerMinute: key.rateLimitPerMinute,
  };
}

function isSame(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
}
