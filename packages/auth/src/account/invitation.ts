import { randomUUID } from 'node:crypto';
import { passwordProblem, type InvitationAccept, type MemberInvite } from '@cookie-scanner/contracts';
import type { AuditActor, MemberRepository, OnceRequest } from '@cookie-scanner/database';
import { AppError } from '@cookie-scanner/errors';
import { asStranger, type AuthDeps, type Client } from '../auth-deps.ts';
import { mailedToken } from '../token/mailed-token.ts';
import { secretHash } from '../token/secret-hash.ts';

const LIFETIME_SECONDS = 7 * 86_400;

type Invited = Awaited<ReturnType<MemberRepository['invite']>>;

/**
 * Makes somebody a member of a workspace.
 *
 * @param isMailed - whether the link is mailed to those without an account; then nobody else gets the token
 * @param once - for a client that may ask again: then it gets the invitation of the first time
 * @returns the token to open the account with; null for those who have one, and when it is mailed
 * @throws AppError CONFLICT when they are a member already
 */
export async function invite(
  { keys, members }: Pick<AuthDeps, 'keys'> & { members: MemberRepository },
  wanted: MemberInvite & { workspaceId: string; invitedBy: string; isMailed: boolean },
  by: AuditActor,
  once?: OnceRequest,
): Promise<{ member: Invited['member']; token: string | null; isMailed: boolean }> {
  const newTokenId = randomUUID();
  const tokenHash = secretHash(keys, mailedToken(keys, newTokenId));
  const { member, needsAccount, tokenId } = await members.invite(
    { ...wanted, tokenId: newTokenId, tokenHash, lifetimeSeconds: LIFETIME_SECONDS },
    by,
    once,
  );
  const isMailed = needsAccount && wanted.isMailed;
  return { member, token: needsAccount && !isMailed ? mailedToken(keys, tokenId) : null, isMailed };
}

/**
 * Opens an account by an invitation.
 *
 * @throws AppError INVITATION_INVALID, and INPUT_INVALID for a password that must not be chosen
 */
export async function acceptInvitation(
  { keys, passwords, users }: Pick<AuthDeps, 'keys' | 'passwords' | 'users'>,
  { token, name, password, timeZone }: InvitationAccept,
  client: Client,
): Promise<void> {
  const tokenHash = secretHash(keys, token);
  // Asked first, so that nonsense costs no hash of a password.
  const email = await users.findInvited(tokenHash);
  if (email === null) throw invitationInvalid();
  const problem = passwordProblem(password, { email, name });
  if (problem !== null) {
    const errors = [{ pointer: '#/password', detail: problem }];
    throw new AppError('INPUT_INVALID', `The password ${problem}.`, { errors });
  }
  const passwordHash = await passwords.hash(password);
  const accepted = { tokenHash, name, passwordHash, timeZone };
  if (!(await users.acceptInvitation(accepted, asStranger(client)))) throw invitationInvalid();
}

function invitationInvalid(): AppError {
  return new AppError('INVITATION_INVALID', 'The invitation is not valid, or not any more. Ask for another.');
}
