import { z } from 'zod';
import { emailSchema } from './email.ts';
import { newPasswordSchema } from './password.ts';
import { opaqueTokenSchema } from './token.ts';

/** Asks for a mail with a link to choose a new password. */
export const passwordResetRequestSchema = z.strictObject({ email: emailSchema });
export type PasswordResetRequest = z.infer<typeof passwordResetRequestSchema>;

/** Chooses a new password by the token of that link. Whose password it is, the token says. */
export const passwordResetSchema = z.strictObject({
  token: opaqueTokenSchema,
  newPassword: newPasswordSchema,
});
export type PasswordReset = z.infer<typeof passwordResetSchema>;
