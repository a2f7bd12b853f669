import { z } from 'zod';
import { apiKeySchema } from './api-key.ts';
import { idSchema } from './id.ts';
import { enteredPasswordSchema } from './password.ts';
import { accessTokenTextSchema, sessionSchema, tokenSchema } from './token.ts';
import { userRoleSchema, userSchema } from './user.ts';

/** Codes are judged later, and a wrong one is answered like one of the wrong form. */
const secondFactor = {
  /** Six digits of the authenticator app. */
  code: z.string().min(1).max(64).optional(),
  recoveryCode: z.string().min(1).max(64).optional(),
};

/** What a login comes to: a token, or the request for the second factor, to be sent with the `mfaToken`. */
export const loginAnswerSchema = z.discriminatedUnion('status', [
  tokenSchema.extend({ status: z.literal('signed_in') }),
  z.object({
    status: z.literal('mfa_required'),
    mfaToken: z.string(),
    expiresInSeconds: z.number().int().min(1),
  }),
]);
export type LoginAnswer = z.infer<typeof loginAnswerSchema>;

/** Goes on with a login by its second factor: one of the two codes. */
export const mfaLoginSchema = z
  .strictObject({ mfaToken: accessTokenTextSchema, ...secondFactor })
  .refine(namesOneFactor, 'needs either code or recoveryCode');
export type MfaLogin = z.infer<typeof mfaLoginSchema>;

/** Proves again who one is; the second factor where the account has one. */
export const stepUpSchema = z
  .strictObject({ password: enteredPasswordSchema, ...secondFactor })
  .refine((body) => !(body.code !== undefined && body.recoveryCode !== undefined), 'needs one code, not two');
export type StepUp = z.infer<typeof stepUpSchema>;

/** Shows that the authenticator app was set up. */
export const mfaEnableSchema = z.strictObject({ code: z.string().min(1).max(64) });

/** What an authenticator app needs: the secret to be typed, and the same as the text of a QR code. */
export const mfaEnrolmentSchema = z.object({ secret: z.string(), uri: z.string() });

/** Codes for when the phone is lost. Each works once; they are shown once. */
export const recoveryCodesSchema = z.object({ recoveryCodes: z.array(z.string()) });

/** Who is signed in, and where they may do what. */
export const meSchema = z.object({
  user: userSchema,
  sessionId: idSchema,
  /** The workspace joined first first; it is the one that is meant when a request names none. */
  memberships: z.array(z.object({ workspaceId: idSchema, role: userRoleSchema })),
});
export type Me = z.infer<typeof meSchema>;

/** Where somebody is signed in. */
export const sessionListSchema = z.object({ items: z.array(sessionSchema) });

/** A new key with its text, which is shown this once. */
export const apiKeyCreatedSchema = apiKeySchema.extend({ key: z.string() });

/** A page of the keys of a workspace. */
export const apiKeyPageSchema = z.object({ items: z.array(apiKeySchema), nextCursor: z.string().nullable() });

function namesOneFactor(body: { code?: string | undefined; recoveryCode?: string | undefined }): boolean {
  return (body.code === undefined) !== (body.recoveryCode === undefined);
}
