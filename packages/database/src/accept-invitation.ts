import type { AuditActor } from './audit-actor.ts';
import { writeAudit } from './audit.repository.ts';
import type { DatabaseAccess } from './open-database.ts';

/** What somebody says to open the account that waits for them. */
export interface AcceptedInvitation {
  tokenHash: string;
  name: string;
  passwordHash: string;
  timeZone: string;
}

/** Opens an account by its token; null when the token is wrong, too old or used. Of several who try, one gets it. */
export async function acceptInvitation(
  access: DatabaseAccess,
  { tokenHash, name, passwordHash, timeZone }: AcceptedInvitation,
  by: AuditActor,
): Promise<{ userId: string } | null> {
  return access.transaction(async (tx) => {
    const [token] = await tx.userToken.updateManyAndReturn({
      where: {
        tokenHash,
        kind: 'invitation',
        usedAt: null,
        expiresAt: { gt: new Date() },
        user: { state: 'invited' },
      },
      data: { usedAt: new Date() },
    });
    if (!token) return null;
    const { userId } = token;
    await tx.user.update({
      where: { id: userId },
      data: { displayName: name, passwordHash, timeZone, state: 'active', passwordChangedAt: new Date() },
    });
    await writeAudit(tx, { ...by, action: 'user.accept_invitation', targetType: 'user', targetId: userId });
    return { userId };
  });
}

/** The address that an open invitation is for; null when there is none. */
export async function findInvited(access: DatabaseAccess, tokenHash: string): Promise<string | null> {
  const row = await access.query((prisma) =>
    prisma.userToken.findFirst({
      where: { tokenHash, kind: 'invitation', usedAt: null, expiresAt: { gt: new Date() } },
      include: { user: true },
    }),
  );
  return row?.user.email ?? null;
}
