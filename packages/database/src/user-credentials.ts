import type { UserState } from '@cookie-scanner/contracts';
import type { AuditActor } from './audit-actor.ts';
import { auditAndTell } from './account-notice.ts';
import type { DatabaseAccess } from './open-database.ts';
import { endSessionsOf } from './session-end.ts';

/** What a login is checked against. For `packages/auth` alone: it goes into no answer and no log. */
export interface Credentials {
  id: string;
  email: string;
  name: string;
  state: UserState;
  /** Null when there is no password yet. */
  passwordHash: string | null;
  tokenVersion: number;
  /** No password is tried before; null when nothing holds the account back. */
  lockedUntil: Date | null;
  /** Whether a second factor is asked for. */
  mfaEnabled: boolean;
  /** The secret of the authenticator app, encrypted; also set while it is being enrolled. */
  totpSecretSealed: Uint8Array | null;
}

/** The credentials of an account by address or id. */
export async function findCredentials(
  access: DatabaseAccess,
  account: { email: string } | { id: string },
): Promise<Credentials | null> {
  const row = await access.query((prisma) => prisma.user.findUnique({ where: account }));
  if (!row) return null;
  return {
    id: row.id,
    email: row.email,
    name: row.displayName,
    state: row.state,
    passwordHash: row.passwordHash,
    tokenVersion: row.tokenVersion,
    lockedUntil: row.lockedUntil,
    mfaEnabled: row.mfaEnabledAt !== null,
    totpSecretSealed: row.totpSecretEncrypted,
  };
}

/** Counts a wrong password and holds the account back for as long as `delaySeconds` says. */
export async function noteFailedLogin(
  access: DatabaseAccess,
  id: string,
  delaySeconds: (failedCount: number) => number,
): Promise<void> {
  await access.transaction(async (tx) => {
    const { failedLoginCount } = await tx.user.update({
      where: { id },
      data: { failedLoginCount: { increment: 1 } },
    });
    const seconds = delaySeconds(failedLoginCount);
    if (seconds <= 0) return;
    await tx.$executeRaw`
      UPDATE users SET locked_until = now() + make_interval(secs => ${seconds}) WHERE id = ${id}::uuid`;
  });
}

/** Notes a login that succeeded. */
export async function noteLogin(access: DatabaseAccess, id: string, rehashed: string | null): Promise<void> {
  await access.query((prisma) =>
    prisma.user.update({
      where: { id },
      data: {
        failedLoginCount: 0,
        lockedUntil: null,
        lastLoginAt: new Date(),
        ...(rehashed === null ? {} : { passwordHash: rehashed }),
      },
    }),
  );
}

/** Replaces a password; whoever was let in by the old one has to sign in again. */
export async function setPassword(
  access: DatabaseAccess,
  id: string,
  passwordHash: string,
  { keepSessionId, by }: { keepSessionId: string | null; by: AuditActor },
): Promise<void> {
  await access.transaction(async (tx) => {
    await tx.user.update({
      where: { id },
      data: { passwordHash, passwordChangedAt: new Date(), failedLoginCount: 0, lockedUntil: null },
    });
    await endSessionsOf(tx, id, 'password_changed', keepSessionId);
    await auditAndTell(tx, id, { ...by, action: 'user.change_password', targetType: 'user', targetId: id });
  });
}
