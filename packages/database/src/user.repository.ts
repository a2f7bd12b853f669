import type { User, UserUpdate } from '@cookie-scanner/contracts';
import { acceptInvitation, findInvited, type AcceptedInvitation } from './accept-invitation.ts';
import type { AuditActor } from './audit-actor.ts';
import { createFirstAdmin, type FirstAdmin } from './first-admin.ts';
import type { KeysetPage, PageRequest } from './keyset.ts';
import { databaseAccess, type Database } from './open-database.ts';
import type { Precondition } from './precondition.ts';
import {
  findPasswordResetOwner,
  leavePasswordReset,
  resetPassword,
  wishPasswordReset,
  type PasswordResetWish,
} from './password-reset.ts';
import { changeUserAccess, type UserAccess } from './user-access.ts';
import {
  findCredentials,
  noteFailedLogin,
  noteLogin,
  setPassword,
  type Credentials,
} from './user-credentials.ts';
import { listUsers } from './user-lists.ts';
import { updateProfile } from './user-profile.ts';
import { userFromRow, USER_INCLUDE } from './user-rows.ts';

/**
 * Accounts of people. Every change is recorded in the audit log, in the transaction that makes it.
 *
 * What a method is given or gives as a hash comes from `packages/auth`; nothing here knows how it is made.
 */
export interface UserRepository {
  /** Null when unknown. */
  find(id: string): Promise<User | null>;
  /** Accounts in the order of their addresses. */
  list(page: PageRequest): Promise<KeysetPage<User>>;
  /**
   * Opens the first account of the installation: Admin of the platform and of the default workspace.
   *
   * @returns null when there are accounts already; of several who try at once, one gets it
   */
  createFirstAdmin(admin: FirstAdmin, by: AuditActor): Promise<User | null>;
  /** An active Admin of a workspace, the one who joined first; null when there is none. */
  findAdminOf(workspaceId: string): Promise<string | null>;
  /** The address that an open invitation is for; null when there is none. */
  findInvited(tokenHash: string): Promise<string | null>;
  /** Opens the account that an invitation is for; null when its token is wrong, too old or used. */
  acceptInvitation(invitation: AcceptedInvitation, by: AuditActor): Promise<{ userId: string } | null>;
  /** Null when there is no such account. */
  updateProfile(
    id: string,
    change: UserUpdate,
    by: AuditActor,
    precondition: Precondition<User>,
  ): Promise<User | null>;
  /**
   * Gives and takes roles of the platform, or switches an account off and on; what it was good for ends at once.
   *
   * @returns null when there is no such account
   * @throws AppError LAST_ADMIN when nobody would be left who runs the platform
   */
  changeAccess(
    id: string,
    access: UserAccess,
    by: AuditActor,
    precondition?: Precondition<User>,
  ): Promise<User | null>;
  /** What a login is checked against; null when there is no such account. */
  findCredentials(account: { email: string } | { id: string }): Promise<Credentials | null>;
  /** Counts a wrong password; `lockedUntil` holds back the next try. */
  noteFailedLogin(id: string, delaySeconds: (failedCount: number) => number): Promise<void>;
  /** Forgets wrong passwords. A new hash of the same password takes the place of an outdated one. */
  noteLogin(id: string, rehashed: string | null): Promise<void>;
  /** Replaces a password and ends every session but `keepSessionId`. */
  setPassword(
    id: string,
    passwordHash: string,
    options: { keepSessionId: string | null; by: AuditActor },
  ): Promise<void>;
  /** Has a link mailed to choose a new password. Does nothing for addresses without an active account. */
  wishPasswordReset(wish: PasswordResetWish, by: AuditActor): Promise<void>;
  /** Leaves a token for a link that is handed over by hand; false for addresses without an active account. */
  leavePasswordReset(reset: Omit<PasswordResetWish, 'perHourMax'>, by: AuditActor): Promise<boolean>;
  /** Whose password a token may change; null when it is wrong, too old or used. */
  findPasswordResetOwner(tokenHash: string): Promise<{ email: string; name: string } | null>;
  /** Changes a password by its token and ends every session of its owner; null when the token is no good. */
  resetPassword(
    reset: { tokenHash: string; passwordHash: string },
    by: AuditActor,
  ): Promise<{ userId: string } | null>;
}

export type { Credentials } from './user-credentials.ts';

/** The accounts kept in a database. */
export function userRepository(database: Database): UserRepository {
  const access = databaseAccess(database);
  return {
    find: async (id) => {
      const row = await access.query((prisma) =>
        prisma.user.findUnique({ where: { id }, include: USER_INCLUDE }),
      );
      return row && userFromRow(row);
    },
    list: (page) => listUsers(access, page),
    createFirstAdmin: (admin, by) => createFirstAdmin(access, admin, by),
    findAdminOf: async (workspaceId) => {
      const row = await access.query((prisma) =>
        prisma.workspaceMember.findFirst({
          where: { workspaceId, role: 'Admin', user: { state: 'active' } },
          orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
        }),
      );
      return row?.userId ?? null;
    },
    findInvited: (tokenHash) => findInvited(access, tokenHash),
    acceptInvitation: (invitation, by) => acceptInvitation(access, invitation, by),
    updateProfile: (id, change, by, precondition) => updateProfile(access, id, change, by, precondition),
    changeAccess: (id, userAccess, by, precondition) =>
      changeUserAccess(access, id, userAccess, by, precondition),
    findCredentials: (account) => findCredentials(access, account),
    noteFailedLogin: (id, delaySeconds) => noteFailedLogin(access, id, delaySeconds),
    noteLogin: (id, rehashed) => noteLogin(access, id, rehashed),
    setPassword: (id, passwordHash, options) => setPassword(access, id, passwordHash, options),
    wishPasswordReset: (wish, by) => wishPasswordReset(access, wish, by),
    leavePasswordReset: (reset, by) => leavePasswordReset(access, reset, by),
    findPasswordResetOwner: (tokenHash) => findPasswordResetOwner(access, tokenHash),
    resetPassword: (reset, by) => resetPassword(access, reset, by),
  };
}
