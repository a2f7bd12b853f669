import type { Member, UserRole } from '@cookie-scanner/contracts';
import { AppError } from '@cookie-scanner/errors';
import type { AuditActor } from './audit-actor.ts';
import { writeAudit } from './audit.repository.ts';
import type { Prisma } from './generated/client.ts';
import { inviteMember, type Invitation, type Invited } from './member-invite.ts';
import { memberFromRow, MEMBER_INCLUDE } from './member-rows.ts';
import { keyBefore, keysetPage, pageSize, type KeysetPage, type PageRequest } from './keyset.ts';
import type { OnceRequest } from './once.ts';
import { databaseAccess, type Database, type DatabaseAccess } from './open-database.ts';
import type { Precondition } from './precondition.ts';

/** Which member of which workspace. */
interface MemberPlace {
  workspaceId: string;
  userId: string;
}

/** Members of workspaces. Every change is recorded in the audit log, in the transaction that makes it. */
export interface MemberRepository {
  /** In the order of their ids. */
  list(page: { workspaceId: string } & PageRequest): Promise<KeysetPage<Member>>;
  /** Null when there is no such member. */
  find(place: MemberPlace): Promise<Member | null>;
  /**
   * Makes somebody a member. Who has no account gets one that waits for its owner, who opens it with a token. With
   * `request`, the invitation that was asked for before is given again.
   *
   * @throws AppError CONFLICT when they are a member already
   */
  invite(invitation: Invitation, by: AuditActor, request?: OnceRequest): Promise<Invited>;
  /**
   * @returns null when there is no such member
   * @throws AppError LAST_ADMIN when the workspace would be left without one
   */
  changeRole(
    place: MemberPlace,
    role: UserRole,
    by: AuditActor,
    precondition: Precondition<Member>,
  ): Promise<Member | null>;
  /**
   * @returns false when there is no such member
   * @throws AppError LAST_ADMIN when the workspace would be left without one
   */
  remove(place: MemberPlace, by: AuditActor, precondition?: Precondition<Member>): Promise<boolean>;
}

/** The members kept in a database. */
export function memberRepository(database: Database): MemberRepository {
  const access = databaseAccess(database);
  return {
    list: (page) => listMembers(access, page),
    find: async (place) => {
      const row = await access.query((prisma) =>
        prisma.workspaceMember.findUnique({
          where: { workspaceId_userId: place },
          include: MEMBER_INCLUDE,
        }),
      );
      return row && memberFromRow(row);
    },
    invite: (invitation, by, request) => inviteMember(access, invitation, by, request),
    changeRole: (place, role, by, precondition) => changeRole(access, place, role, by, precondition),
    remove: (place, by, precondition) => removeMember(access, place, by, precondition),
  };
}

async function listMembers(
  access: DatabaseAccess,
  request: { workspaceId: string } & PageRequest,
): Promise<KeysetPage<Member>> {
  const after = keyBefore(request, ['uuid']);
  const size = pageSize(request);
  const rows = await access.query((prisma) =>
    prisma.workspaceMember.findMany({
      where: { workspaceId: request.workspaceId, ...(after ? { userId: { gt: after[0] } } : {}) },
      orderBy: { userId: 'asc' },
      take: size + 1,
      include: MEMBER_INCLUDE,
    }),
  );
  return keysetPage(rows, size, ({ userId }) => [userId], memberFromRow);
}

async function changeRole(
  access: DatabaseAccess,
  place: MemberPlace,
  role: UserRole,
  by: AuditActor,
  precondition: Precondition<Member>,
): Promise<Member | null> {
  return access.transaction(async (tx) => {
    const before = await lockedMember(tx, place);
    if (!before) return null;
    precondition(before);
    const row = await tx.workspaceMember.update({
      where: { workspaceId_userId: place },
      data: { role },
      include: MEMBER_INCLUDE,
    });
    await requireAnAdmin(tx, place.workspaceId);
    await audit(tx, 'member.change_role', by, place, { before: { role: before.role }, after: { role } });
    return memberFromRow(row);
  });
}

async function removeMember(
  access: DatabaseAccess,
  place: MemberPlace,
  by: AuditActor,
  precondition: Precondition<Member> = () => undefined,
): Promise<boolean> {
  return access.transaction(async (tx) => {
    const member = await lockedMember(tx, place);
    if (!member) return false;
    precondition(member);
    await tx.workspaceMember.delete({ where: { workspaceId_userId: place } });
    await requireAnAdmin(tx, place.workspaceId);
    await audit(tx, 'member.remove', by, place, { before: { role: member.role } });
    return true;
  });
}

/** A member. Changes of one workspace take turns: two Admins who leave at once would leave none. */
async function lockedMember(tx: Prisma.TransactionClient, place: MemberPlace): Promise<Member | null> {
  await tx.$executeRaw`SELECT FROM workspaces WHERE id = ${place.workspaceId}::uuid FOR NO KEY UPDATE`;
  const row = await tx.workspaceMember.findUnique({
    where: { workspaceId_userId: place },
    include: MEMBER_INCLUDE,
  });
  return row && memberFromRow(row);
}

async function requireAnAdmin(tx: Prisma.TransactionClient, workspaceId: string): Promise<void> {
  const admins = await tx.workspaceMember.count({
    where: { workspaceId, role: 'Admin', user: { state: 'active' } },
  });
  if (admins === 0) throw new AppError('LAST_ADMIN', 'A workspace needs at least one active Admin.');
}

async function audit(
  tx: Prisma.TransactionClient,
  action: string,
  by: AuditActor,
  { workspaceId, userId }: MemberPlace,
  change: { before?: Record<string, unknown>; after?: Record<string, unknown> },
): Promise<void> {
  await writeAudit(tx, { ...by, action, targetType: 'member', targetId: userId, workspaceId, ...change });
}
