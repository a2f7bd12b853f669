import type { User } from '@cookie-scanner/contracts';
import type { Prisma } from './generated/client.ts';

/** What belongs to an account as it is shown. */
export const USER_INCLUDE = {
  userRoleGrants: { include: { role: true } },
} as const satisfies Prisma.UserInclude;

type UserRow = Prisma.UserGetPayload<{ include: typeof USER_INCLUDE }>;

/** An account as the API shows it: nothing that proves who somebody is. */
export function userFromRow(row: UserRow): User {
  return {
    id: row.id,
    email: row.email,
    name: row.displayName,
    roles: row.userRoleGrants.map(({ role }) => role.name).sort(),
    state: row.state,
    timeZone: row.timeZone,
    mfaEnabled: row.mfaEnabledAt !== null,
    emailVerifiedAt: row.emailVerifiedAt?.toISOString() ?? null,
    lastLoginAt: row.lastLoginAt?.toISOString() ?? null,
    lockedUntil: row.lockedUntil?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
