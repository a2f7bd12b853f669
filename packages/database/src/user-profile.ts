import type { User, UserUpdate } from '@cookie-scanner/contracts';
import type { AuditActor } from './audit-actor.ts';
import { writeAudit } from './audit.repository.ts';
import type { DatabaseAccess } from './open-database.ts';
import type { Precondition } from './precondition.ts';
import { userFromRow, USER_INCLUDE } from './user-rows.ts';

/** Changes what people may change of their own account; null when there is no such account. */
export async function updateProfile(
  access: DatabaseAccess,
  id: string,
  { name, timeZone }: UserUpdate,
  by: AuditActor,
  precondition: Precondition<User>,
): Promise<User | null> {
  return access.transaction(async (tx) => {
    await tx.$executeRaw`SELECT FROM users WHERE id = ${id}::uuid FOR NO KEY UPDATE`;
    const before = await tx.user.findUnique({ where: { id }, include: USER_INCLUDE });
    if (!before) return null;
    precondition(userFromRow(before));
    const row = await tx.user.update({
      where: { id },
      data: {
        ...(name === undefined ? {} : { displayName: name }),
        ...(timeZone === undefined ? {} : { timeZone }),
      },
      include: USER_INCLUDE,
    });
    await writeAudit(tx, {
      ...by,
      action: 'user.update',
      targetType: 'user',
      targetId: id,
      before: { name: before.displayName, timeZone: before.timeZone },
      after: { name: row.displayName, timeZone: row.timeZone },
    });
    return userFromRow(row);
  });
}
