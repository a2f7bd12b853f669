import { sendAccountMailQueue } from '@cookie-scanner/contracts';
import type { AuditActor } from './audit-actor.ts';
import { auditAndTell } from './account-notice.ts';
import { writeAudit } from './audit.repository.ts';
import type { Prisma } from './generated/client.ts';
import type { DatabaseAccess } from './open-database.ts';
import { pendingJob, writeOutbox } from './outbox-write.ts';
import { endSessionsOf } from './session-end.ts';

/** Somebody may want to choose a new password. */
export interface PasswordResetWish {
  email: string;
  tokenId: string;
  tokenHash: string;
  lifetimeSeconds: number;
  /** Most mails to one account in an hour; further wishes are passed over. */
  perHourMax: number;
}

/** Leaves a token and the job that mails it. Nothing happens without an active account, or after too many wishes. */
export async function wishPasswordReset(
  access: DatabaseAccess,
  { email, tokenId, tokenHash, lifetimeSeconds, perHourMax }: PasswordResetWish,
  by: AuditActor,
): Promise<void> {
  await access.transaction(async (tx) => {
    // Locked, so that many wishes at once do not make many mails.
    const [user] = await tx.$queryRaw<{ id: string }[]>`
      SELECT id FROM users WHERE email = ${email} AND state = 'active' FOR NO KEY UPDATE`;
    if (!user) return;
    const [recent] = await tx.$queryRaw<{ count: number }[]>`
      SELECT count(*)::int AS count FROM user_tokens
       WHERE user_id = ${user.id}::uuid AND kind = 'password_reset' AND created_at > now() - interval '1 hour'`;
    if ((recent?.count ?? 0) >= perHourMax) return;
    await useUpResets(tx, user.id);
    const expiresAt = new Date(Date.now() + lifetimeSeconds * 1_000);
    await tx.userToken.create({
      data: { id: tokenId, userId: user.id, kind: 'password_reset', tokenHash, expiresAt },
    });
    await writeOutbox(tx, [pendingJob(sendAccountMailQueue, { userTokenId: tokenId })]);
    await writeAudit(tx, {
      ...by,
      action: 'user.wish_password_reset',
      targetType: 'user',
      targetId: user.id,
    });
  });
}

/**
 * Leaves a token that is mailed to nobody, for a link that whoever runs the installation hands over.
 *
 * @returns false when the address has no active account
 */
export async function leavePasswordReset(
  access: DatabaseAccess,
  { email, tokenId, tokenHash, lifetimeSeconds }: Omit<PasswordResetWish, 'perHourMax'>,
  by: AuditActor,
): Promise<boolean> {
  return access.transaction(async (tx) => {
    const user = await tx.user.findFirst({ where: { email, state: 'active' }, select: { id: true } });
    if (!user) return false;
    await useUpResets(tx, user.id);
    await tx.userToken.create({
      data: {
        ...{ id: tokenId, userId: user.id, kind: 'password_reset', tokenHash },
        expiresAt: new Date(Date.now() + lifetimeSeconds * 1_000),
      },
    });
    await writeAudit(tx, {
      ...by,
      action: 'user.make_reset_link',
      targetType: 'user',
      targetId: user.id,
    });
    return true;
  });
}

/** Whose password a token may change; null when it is wrong, too old or used. */
export async function findPasswordResetOwner(
  access: DatabaseAccess,
  tokenHash: string,
): Promise<{ email: string; name: string } | null> {
  const row = await access.query((prisma) =>
    prisma.userToken.findFirst({ where: openReset(tokenHash), include: { user: true } }),
  );
  return row && { email: row.user.email, name: row.user.displayName };
}

/** Changes a password by its token and ends every session; null when the token is no good. Of several, one gets it. */
export async function resetPassword(
  access: DatabaseAccess,
  { tokenHash, passwordHash }: { tokenHash: string; passwordHash: string },
  by: AuditActor,
): Promise<{ userId: string } | null> {
  return access.transaction(async (tx) => {
    const [token] = await tx.userToken.updateManyAndReturn({
      where: openReset(tokenHash),
      data: { usedAt: new Date() },
    });
    if (!token) return null;
    const { userId } = token;
    await tx.user.update({
      where: { id: userId },
      data: { passwordHash, passwordChangedAt: new Date(), failedLoginCount: 0, lockedUntil: null },
    });
    await useUpResets(tx, userId);
    await endSessionsOf(tx, userId, 'password_changed');
    await auditAndTell(tx, userId, {
      ...by,
      action: 'user.reset_password',
      targetType: 'user',
      targetId: userId,
    });
    return { userId };
  });
}

function openReset(tokenHash: string): Prisma.UserTokenWhereInput {
  return {
    tokenHash,
    kind: 'password_reset',
    usedAt: null,
    expiresAt: { gt: new Date() },
    user: { state: 'active' },
  };
}

/** The newest token alone is good. */
async function useUpResets(tx: Prisma.TransactionClient, userId: string): Promise<void> {
  await tx.userToken.updateMany({
    where: { userId, kind: 'password_reset', usedAt: null },
    data: { usedAt: new Date() },
  });
}
