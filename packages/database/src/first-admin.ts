import type { User } from '@cookie-scanner/contracts';
import type { AuditActor } from './audit-actor.ts';
import { writeAudit } from './audit.repository.ts';
import { DEFAULT_WORKSPACE_ID } from './default-workspace.ts';
import type { DatabaseAccess } from './open-database.ts';
import { userFromRow, USER_INCLUDE } from './user-rows.ts';

/** Who is to run the platform. */
export interface FirstAdmin {
  email: string;
  name: string;
  passwordHash: string;
}

/** Opens the first account; null when there is one. */
export async function createFirstAdmin(
  access: DatabaseAccess,
  { email, name, passwordHash }: FirstAdmin,
  by: AuditActor,
): Promise<User | null> {
  return access.transaction(async (tx) => {
    // Without a turn for each, two who find no account would both open one.
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('first admin', 0))`;
    if ((await tx.user.count({ take: 1 })) > 0) return null;
    const role = await tx.role.findUniqueOrThrow({ where: { name: 'Admin' } });
    const { id } = await tx.user.create({
      data: {
        email,
        displayName: name,
        passwordHash,
        state: 'active',
        passwordChangedAt: new Date(),
        userRoleGrants: { create: { roleId: role.id } },
        workspaceMembers: { create: { workspaceId: DEFAULT_WORKSPACE_ID, role: 'Admin' } },
      },
    });
    const user = userFromRow(await tx.user.findUniqueOrThrow({ where: { id }, include: USER_INCLUDE }));
    await writeAudit(tx, {
      ...by,
      action: 'user.create_first_admin',
      targetType: 'user',
      targetId: id,
      after: { email, roles: user.roles },
    });
    return user;
  });
}
