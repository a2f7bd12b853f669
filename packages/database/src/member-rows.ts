import type { Member } from '@cookie-scanner/contracts';
import type { Prisma } from './generated/client.ts';

/** What belongs to a member as it is shown. */
export const MEMBER_INCLUDE = { user: true } as const satisfies Prisma.WorkspaceMemberInclude;

type MemberRow = Prisma.WorkspaceMemberGetPayload<{ include: typeof MEMBER_INCLUDE }>;

/** A member as the API shows it. */
export function memberFromRow(row: MemberRow): Member {
  return {
    workspaceId: row.workspaceId,
    userId: row.userId,
    email: row.user.email,
    name: row.user.displayName,
    state: row.user.state,
    role: row.role,
    lastSeenAt: row.lastSeenAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
