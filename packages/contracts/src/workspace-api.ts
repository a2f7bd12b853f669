import { z } from 'zod';
import { auditLogSchema } from './audit.ts';
import { newPasswordSchema } from './password.ts';
import { nameSchema } from './text.ts';
import { timeZoneSchema } from './time-zone.ts';
import { opaqueTokenSchema } from './token.ts';
import { userRoleSchema, userSchema, userStateSchema } from './user.ts';
import { workspaceMemberSchema, workspaceSchema } from './workspace.ts';

/** A workspace, and what one is in it. */
export const ownWorkspaceSchema = workspaceSchema.extend({ role: userRoleSchema });
export type OwnWorkspace = z.infer<typeof ownWorkspaceSchema>;

/** The workspaces of somebody, the one joined first first. */
export const ownWorkspaceListSchema = z.object({ items: z.array(ownWorkspaceSchema) });

/** A member with the name that others know them by. */
export const memberSchema = workspaceMemberSchema.omit({ cursor: true }).extend({
  email: z.string(),
  name: z.string(),
  /** `invited` until they open their account. */
  state: userStateSchema,
});
export type Member = z.infer<typeof memberSchema>;

/** A page of members. */
export const memberPageSchema = z.object({ items: z.array(memberSchema), nextCursor: z.string().nullable() });

/** A page of accounts. */
export const userPageSchema = z.object({ items: z.array(userSchema), nextCursor: z.string().nullable() });

/** A page of the audit log, newest first. */
export const auditLogPageSchema = z.object({
  items: z.array(auditLogSchema),
  nextCursor: z.string().nullable(),
});

/** Who was invited. Who has no account yet opens one with the token, which is shown this once. */
export const invitationSchema = z.object({
  member: memberSchema,
  /** Null for those who have an account, who are members at once, and where the link was mailed. */
  invitationToken: z.string().nullable(),
  /** Whether a mail with the link is on its way; only where the installation sends mails. */
  isMailed: z.boolean(),
});

/** Opens an account by an invitation. The mail address and all rights come from the invitation. */
export const invitationAcceptSchema = z.strictObject({
  token: opaqueTokenSchema,
  name: nameSchema,
  password: newPasswordSchema,
  timeZone: timeZoneSchema.default('UTC'),
});
export type InvitationAccept = z.infer<typeof invitationAcceptSchema>;
