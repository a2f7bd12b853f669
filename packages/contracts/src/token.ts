import { z } from 'zod';
import { emailSchema } from './email.ts';
import { idSchema } from './id.ts';
import { enteredPasswordSchema } from './password.ts';

/** What a token may be used for; every place accepts one kind only. */
export const tokenKindSchema = z.enum([
  'access',
  'refresh',
  'mfa_pending',
  'invitation',
  'password_reset',
  'email_verification',
  'websocket_ticket',
  'board_grant',
]);
export type TokenKind = z.infer<typeof tokenKindSchema>;

/** Why a session ended before its time was over. `reuse_detected` means that an old refresh token came back. */
export const sessionEndReasonSchema = z.enum([
  'logout',
  'expired',
  'reuse_detected',
  'password_changed',
  'mfa_changed',
  'user_disabled',
  'ended_by_user',
  'ended_by_admin',
]);
export type SessionEndReason = z.infer<typeof sessionEndReasonSchema>;

const ACCESS_TOKEN_LENGTH_MAX = 4_096;

/** A signed token in its compact form. Only its form is judged; what it says counts after its signature was checked. */
export const accessTokenTextSchema = z
  .string()
  .max(ACCESS_TOKEN_LENGTH_MAX, { error: 'is too long', abort: true })
  .regex(/^[\w-]+\.[\w-]+\.[\w-]+$/, 'is not a token');

/** A token that says nothing by itself: 256 random bits in base64url. Refresh, invitation and reset tokens are such. */
export const opaqueTokenSchema = z.string().regex(/^[\w-]{43}$/, 'is not a token');

/** What logging in or refreshing gives. The refresh token travels in a cookie that scripts cannot read. */
export const tokenSchema = z.object({
  accessToken: z.string(),
  tokenType: z.literal('Bearer'),
  expiresInSeconds: z.number().int().min(1),
});
export type Token = z.infer<typeof tokenSchema>;

/**
 * What a signed token says. Roles are not among it: they are looked up, so that taking one away works at once.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7519#section-4.1 for the names
 */
export const tokenDataSchema = z
  .object({
    iss: z.string().min(1),
    aud: z.string().min(1),
    /** The account. */
    sub: idSchema,
    /** The session; ending it ends the token. */
    sid: idSchema,
    /** Version of the account's tokens; raising it ends all that were given out before. */
    tv: z.number().int().min(0),
    kind: tokenKindSchema.extract(['access', 'mfa_pending', 'board_grant']),
    /** Seconds since 1970. */
    iat: z.number().int().min(0),
    exp: z.number().int().min(0),
    /** Seconds since 1970 at which they last proved who they are; absent after a refresh. */
    auth_time: z.number().int().min(0).optional(),
  })
  .refine(({ iat, exp }) => exp > iat, { error: 'ends before it begins', path: ['exp'] });
export type TokenData = z.infer<typeof tokenDataSchema>;

/** Body of a login. */
export const loginSchema = z.strictObject({ email: emailSchema, password: enteredPasswordSchema });
export type Login = z.infer<typeof loginSchema>;

/** One place where somebody is logged in, as its owner sees it. */
export const sessionSchema = z.object({
  id: idSchema,
  userId: idSchema,
  /** Whether it is the session that asks. */
  isCurrent: z.boolean(),
  address: z.string().nullable(),
  userAgent: z.string().nullable(),
  createdAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  endReason: sessionEndReasonSchema.nullable(),
});
export type Session = z.infer<typeof sessionSchema>;
