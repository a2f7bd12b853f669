import { memberSchema, sendAccountMailQueue, type Member, type UserRole } from '@cookie-scanner/contracts';
import { AppError } from '@cookie-scanner/errors';
import type { AuditActor } from './audit-actor.ts';
import { writeAudit } from './audit.repository.ts';
import type { Prisma } from './generated/client.ts';
import { memberFromRow, MEMBER_INCLUDE } from './member-rows.ts';
import { once, type OnceRequest } from './once.ts';
import type { DatabaseAccess } from './open-database.ts';
import { pendingJob, writeOutbox } from './outbox-write.ts';

/** Who is to become a member, and the hash of the token for those without an account. */
export interface Invitation {
  workspaceId: string;
  email: string;
  role: UserRole;
  tokenId: string;
  tokenHash: string;
  lifetimeSeconds: number;
  invitedBy: string;
  /** Whether the link is to be mailed to those without an account. */
  isMailed: boolean;
}

/** The new member, and whether they have to open an account first, with the token. */
export interface Invited {
  member: Member;
  needsAccount: boolean;
  /** Of the token that opens the account. */
  tokenId: string;
}

/** Reads back what was answered before. */
const invitedSchema = {
  parse: (stored: unknown): Invited => {
    const { member, needsAccount, tokenId } = stored as Invited;
    return { member: memberSchema.parse(member), needsAccount, tokenId };
  },
};

/** What people without a name are called until they say it. */
const NAME_LENGTH_MAX = 120;

/** Makes somebody a member, with an account that waits for its owner where there is none. */
export async function inviteMember(
  access: DatabaseAccess,
  invitation: Invitation,
  by: AuditActor,
  request: OnceRequest | undefined,
): Promise<Invited> {
  return access.transaction((tx) =>
    once(tx, invitation.workspaceId, request, invitedSchema, () => makeMember(tx, invitation, by)),
  );
}

async function makeMember(
  tx: Prisma.TransactionClient,
  invitation: Invitation,
  by: AuditActor,
): Promise<Invited> {
  const { workspaceId, email, role, invitedBy, tokenId } = invitation;
  const user = await tx.user.upsert({
    where: { email },
    create: { email, displayName: email.slice(0, NAME_LENGTH_MAX), state: 'invited' },
    update: {},
  });
  if (user.state === 'disabled') throw new AppError('CONFLICT', 'This account is switched off.');
  const place = { workspaceId, userId: user.id };
  const known = await tx.workspaceMember.findUnique({ where: { workspaceId_userId: place } });
  const needsAccount = user.state === 'invited';
  // Who never opened the account may be sent another token; the role is then what was said last.
  if (known && !needsAccount) throw new AppError('CONFLICT', 'They are a member of this workspace already.');
  const row = await tx.workspaceMember.upsert({
    where: { workspaceId_userId: place },
    create: { ...place, role, invitedBy },
    update: { role },
    include: MEMBER_INCLUDE,
  });
  if (needsAccount) await giveToken(tx, user.id, invitation);
  const target = { targetType: 'member', targetId: user.id, workspaceId };
  await writeAudit(tx, { ...by, action: 'member.invite', ...target, after: { email, role } });
  return { member: memberFromRow(row), needsAccount, tokenId };
}

/** The newest token alone is good. */
async function giveToken(
  tx: Prisma.TransactionClient,
  userId: string,
  { tokenId, tokenHash, lifetimeSeconds, isMailed }: Invitation,
): Promise<void> {
  await tx.userToken.updateMany({
    where: { userId, kind: 'invitation', usedAt: null },
    data: { usedAt: new Date() },
  });
  const expiresAt = new Date(Date.now() + lifetimeSeconds * 1_000);
  await tx.userToken.create({ data: { id: tokenId, userId, kind: 'invitation', tokenHash, expiresAt } });
  if (isMailed) await writeOutbox(tx, [pendingJob(sendAccountMailQueue, { userTokenId: tokenId })]);
}
