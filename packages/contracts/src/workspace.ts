import { z } from 'zod';
import { emailSchema } from './email.ts';
import { idSchema, rowTimes } from './id.ts';
import { changesSomething, descriptionSchema, nameSchema, safeString } from './text.ts';
import { userRoleSchema } from './user.ts';

/** A place that people share: its sites, scans and reports are seen by its members and by nobody else. */
export const workspaceSchema = z.object({
  id: idSchema,
  name: z.string(),
  description: z.string(),
  ...rowTimes,
});
export type Workspace = z.infer<typeof workspaceSchema>;

/** What is needed to make a workspace; its maker becomes its first Admin. */
export const workspaceCreateSchema = z.strictObject({
  name: nameSchema,
  description: descriptionSchema.default(''),
});
export type WorkspaceCreate = z.infer<typeof workspaceCreateSchema>;

/** A change of a workspace. */
export const workspaceUpdateSchema = z
  .strictObject({ name: nameSchema, description: descriptionSchema })
  .partial()
  .refine(changesSomething, 'changes nothing');
export type WorkspaceUpdate = z.infer<typeof workspaceUpdateSchema>;

/** How many turns the scans of a workspace get where others get one. */
export const scanWeightSchema = z.object({
  workspaceId: idSchema,
  weight: z.number().int().min(1).max(10),
});
export type ScanWeight = z.infer<typeof scanWeightSchema>;

/** A change of it. */
export const scanWeightUpdateSchema = z.strictObject({ weight: scanWeightSchema.shape.weight });

/** Where a member looks at this moment. */
export const memberCursorSchema = z.strictObject({
  /** Path of the view inside the dashboard, such as `/scans/…`. */
  view: safeString(300, { min: 1 }),
  /** Place in the view, as shares of its width and height, 0 to 1; null while the pointer is elsewhere. */
  position: z.strictObject({ x: z.number().min(0).max(1), y: z.number().min(0).max(1) }).nullable(),
});
export type MemberCursor = z.infer<typeof memberCursorSchema>;

/** One person in one workspace. */
export const workspaceMemberSchema = z.object({
  workspaceId: idSchema,
  userId: idSchema,
  role: userRoleSchema,
  /** Null until the member first came. */
  lastSeenAt: z.iso.datetime().nullable(),
  cursor: memberCursorSchema.nullable(),
  ...rowTimes,
});
export type WorkspaceMember = z.infer<typeof workspaceMemberSchema>;

/** Asks somebody into a workspace. */
export const memberInviteSchema = z.strictObject({ email: emailSchema, role: userRoleSchema });
export type MemberInvite = z.infer<typeof memberInviteSchema>;

/** A change of a member's role. */
export const memberUpdateSchema = z.strictObject({ role: userRoleSchema });
export type MemberUpdate = z.infer<typeof memberUpdateSchema>;
