import type {
  AccessRepository,
  AuditActor,
  PasskeyRepository,
  SecondFactorRepository,
  SessionRepository,
  UserRepository,
} from '@cookie-scanner/database';
import type { AuthKeys } from './auth-keys.ts';
import type { PasswordHasher } from './password/password-hasher.ts';
import type { SignInLimits } from './account/sign-in-limits.ts';

/** How long things are good for, in seconds. Settings may change them while a service runs. */
export interface AuthLifetimes {
  readonly jwtLifetimeSeconds: number;
  /** From a login to the end of its session. */
  readonly refreshLifetimeSeconds: number;
  /** Without use, to the end of a session. */
  readonly refreshIdleSeconds: number;
}

/** What signing in and staying signed in need. */
export interface AuthDeps {
  readonly keys: AuthKeys;
  readonly passwords: PasswordHasher;
  readonly limits: SignInLimits;
  readonly lifetimes: () => AuthLifetimes;
  readonly users: UserRepository;
  readonly sessions: SessionRepository;
  readonly secondFactors: SecondFactorRepository;
  readonly passkeys: PasskeyRepository;
  readonly access: AccessRepository;
}

/** From where somebody comes. */
export interface Client {
  readonly address: string | null;
  readonly userAgent: string | null;
  readonly requestId: string | null;
}

/** A person from somewhere, as the audit log names them. */
export function asUser(user: { id: string; email: string }, client: Client): AuditActor {
  return { actorKind: 'user', actorId: user.id, actorName: user.email, ...fromWhere(client) };
}

/** Somebody unknown from somewhere, as the audit log names them. */
export function asStranger(client: Client): AuditActor {
  return { actorKind: 'anonymous', ...fromWhere(client) };
}

function fromWhere({ address, userAgent, requestId }: Client): Partial<AuditActor> {
  return {
    ...(address === null ? {} : { ip: address }),
    ...(userAgent === null ? {} : { userAgent }),
    ...(requestId === null ? {} : { requestId }),
  };
}
