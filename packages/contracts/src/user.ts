import { z } from 'zod';
import { emailSchema } from './email.ts';
import { idSchema, rowTimes } from './id.ts';
import { enteredPasswordSchema, newPasswordSchema, passwordProblem } from './password.ts';
import { changesSomething, nameSchema, uniqueArray } from './text.ts';
import { timeZoneSchema } from './time-zone.ts';

/** What a person may do, from most to least. */
export const userRoleSchema = z.enum(['Admin', 'PI', 'Researcher', 'Analyst', 'Viewer']);
export type UserRole = z.infer<typeof userRoleSchema>;

/** State of an account. Being slowed down after wrong passwords is not a state: see `lockedUntil`. */
export const userStateSchema = z.enum(['invited', 'active', 'disabled']);
export type UserState = z.infer<typeof userStateSchema>;

/** An account, as the API shows it. It never carries a password hash, a secret or a recovery code. */
export const userSchema = z.object({
  id: idSchema,
  email: z.string(),
  name: z.string(),
  roles: z.array(userRoleSchema),
  state: userStateSchema,
  timeZone: z.string(),
  mfaEnabled: z.boolean(),
  emailVerifiedAt: z.iso.datetime().nullable(),
  lastLoginAt: z.iso.datetime().nullable(),
  /** No password is tried before; null when nothing holds the account back. */
  lockedUntil: z.iso.datetime().nullable(),
  ...rowTimes,
});
export type User = z.infer<typeof userSchema>;

/**
 * What somebody says to open an account. Roles, state and workspace are never among it: they come from the
 * invitation.
 */
export const userCreateSchema = z
  .strictObject({
    email: emailSchema,
    name: nameSchema,
    password: newPasswordSchema,
    timeZone: timeZoneSchema.default('UTC'),
  })
  .superRefine(({ password, ...owner }, context) => {
    const problem = passwordProblem(password, owner);
    if (problem !== null) context.addIssue({ code: 'custom', message: problem, path: ['password'] });
  });
export type UserCreate = z.infer<typeof userCreateSchema>;

/** What people may change of their own account without further ado. */
export const userUpdateSchema = z
  .strictObject({ name: nameSchema, timeZone: timeZoneSchema })
  .partial()
  .refine(changesSomething, 'changes nothing');
export type UserUpdate = z.infer<typeof userUpdateSchema>;

/** What an Admin may change of somebody's account. Roles are replaced as a whole. */
export const userAccessUpdateSchema = z
  .strictObject({
    roles: uniqueArray(userRoleSchema).min(1),
    state: userStateSchema.exclude(['invited']),
  })
  .partial()
  .refine(changesSomething, 'changes nothing');
export type UserAccessUpdate = z.infer<typeof userAccessUpdateSchema>;

/** A change of one's own password. Judge the new one against its owner too, by `passwordProblem`. */
export const passwordChangeSchema = z
  .strictObject({ currentPassword: enteredPasswordSchema, newPassword: newPasswordSchema })
  .refine(({ currentPassword, newPassword }) => currentPassword !== newPassword, {
    error: 'is the old password',
    path: ['newPassword'],
  });
export type PasswordChange = z.infer<typeof passwordChangeSchema>;
