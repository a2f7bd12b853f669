import type { User, UserRole } from '@cookie-scanner/contracts';
import { AppError } from '@cookie-scanner/errors';
import type { AuditActor } from './audit-actor.ts';
import { writeAudit } from './audit.repository.ts';
import type { Prisma } from './generated/client.ts';
import type { DatabaseAccess } from './open-database.ts';
import type { Precondition } from './precondition.ts';
import { endSessionsOf } from './session-end.ts';
import { userFromRow, USER_INCLUDE } from './user-rows.ts';

/** What an account may be on the platform. What is left out stays. */
export interface UserAccess {
  /** Replaces all roles. */
  roles?: readonly UserRole[] | undefined;
  state?: 'active' | 'disabled' | undefined;
}

/** Changes what an account may be; null when there is no such account. */
export async function changeUserAccess(
  access: DatabaseAccess,
  id: string,
  change: UserAccess,
  by: AuditActor,
  precondition: Precondition<User> = () => undefined,
): Promise<User | null> {
  return access.transaction(async (tx) => {
    // Two Admins who take away each other's role at once would leave none.
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('admins of the platform', 0))`;
    const before = await tx.user.findUnique({ where: { id }, include: USER_INCLUDE });
    if (!before) return null;
    precondition(userFromRow(before));
    if (change.state === 'active' && before.state === 'invited') {
      throw new AppError('CONFLICT', 'Whoever is invited opens the account themselves.');
    }
    if (change.roles !== undefined) await replaceRoles(tx, id, change.roles, by);
    if (change.state !== undefined) await tx.user.update({ where: { id }, data: { state: change.state } });
    if (change.state === 'disabled') await endSessionsOf(tx, id, 'user_disabled');
    await requireAnAdmin(tx);

    const after = userFromRow(await tx.user.findUniqueOrThrow({ where: { id }, include: USER_INCLUDE }));
    const { roles, state } = userFromRow(before);
    await writeAudit(tx, {
      ...by,
      action: 'user.change_access',
      targetType: 'user',
      targetId: id,
      before: { roles, state },
      after: { roles: after.roles, state: after.state },
    });
    return after;
  });
}

async function replaceRoles(
  tx: Prisma.TransactionClient,
  userId: string,
  roles: readonly UserRole[],
  by: AuditActor,
): Promise<void> {
  const rows = await tx.role.findMany({ where: { name: { in: [...roles] } } });
  await tx.userRoleGrant.deleteMany({ where: { userId, roleId: { notIn: rows.map((role) => role.id) } } });
  await tx.userRoleGrant.createMany({
    data: rows.map((role) => ({
      userId,
      roleId: role.id,
      grantedBy: by.actorKind === 'user' ? (by.actorId ?? null) : null,
    })),
    skipDuplicates: true,
  });
}

async function requireAnAdmin(tx: Prisma.TransactionClient): Promise<void> {
  const admins = await tx.user.count({
    where: { state: 'active', userRoleGrants: { some: { role: { name: 'Admin' } } } },
  });
  if (admins === 0) throw new AppError('LAST_ADMIN', 'The platform needs at least one active Admin.');
}
