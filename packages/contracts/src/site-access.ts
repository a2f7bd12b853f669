import { z } from 'zod';
import { loginRecordingSchema } from './login-recording.ts';
import { extraHeadersSchema } from './scan-options.ts';
import { secretNamesIn, secretNameSchema } from './secret-placeholder.ts';

/**
 * What opens a site to a scan. All of it is secret: it is never a part of scan parameters, which are stored and
 * shown, and what of it shows up in an observation is taken out.
 */

/** Shorter secrets could not be told apart from ordinary text, so they could not be kept out of results. */
const SECRET_CHARACTERS_MIN = 4;
const SECRET_CHARACTERS_MAX = 4_096;
const COOKIES_MAX = 50;
const COOKIE_BYTES_MAX = 4_096;
const SECRETS_MAX = 50;

/** A text that must not show up anywhere. */
const secretSchema = z
  .string()
  .min(SECRET_CHARACTERS_MIN, `has fewer than ${SECRET_CHARACTERS_MIN} characters`)
  .max(SECRET_CHARACTERS_MAX)
  .refine((text) => text.isWellFormed(), 'contains half of a character');

/** A cookie that the visitor has before the site is visited. */
const presetCookieSchema = z
  .strictObject({
    name: z.string().regex(/^[^\s\u0000-\u001f\u007f;=]*$/, 'contains characters that names may not have'),
    value: z.string().regex(/^[^\u0000-\u001f\u007f;]*$/, 'contains characters that values may not have'),
    /** Host, or with a leading dot all hosts below it too; null for the host of the start page alone. */
    domain: z
      .string()
      .max(254)
      .regex(/^\.?[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/i, 'is not a host name')
      .nullable()
      .default(null),
    path: z
      .string()
      .max(1_024)
      .regex(/^\/[^\u0000-\u001f\u007f;]*$/, 'does not start with /')
      .default('/'),
    /** Null: as the scheme of the start page. */
    secure: z.boolean().nullable().default(null),
    httpOnly: z.boolean().default(false),
    /** Null: unset, which browsers treat as Lax. */
    sameSite: z.enum(['Strict', 'Lax', 'None']).nullable().default(null),
    /** Null for a session cookie. */
    expiresAt: z.iso.datetime().nullable().default(null),
  })
  .refine(({ name, value }) => name !== '' || value !== '', 'has neither name nor value')
  .refine(
    ({ name, value }) => new TextEncoder().encode(name + value).length <= COOKIE_BYTES_MAX,
    `has more than ${COOKIE_BYTES_MAX} bytes`,
  );
export type PresetCookie = z.infer<typeof presetCookieSchema>;

const credentialText = z
  .string()
  .max(1_024)
  .regex(/^[^\u0000-\u001f\u007f]*$/, 'contains control characters');

/** User and password for basic and digest authentication of the scanned site. */
const httpCredentialsSchema = z.strictObject({
  /** Without a colon, which basic authentication cannot express. */
  username: credentialText.min(1, 'is empty').regex(/^[^:]*$/, 'contains a colon'),
  password: credentialText.min(SECRET_CHARACTERS_MIN, `has fewer than ${SECRET_CHARACTERS_MIN} characters`),
});
export type HttpCredentials = z.infer<typeof httpCredentialsSchema>;

/** A recorded login, and the secrets that it types for `{{secret:NAME}}` in the values of its change steps. */
const loginFlowSchema = z
  .strictObject({
    recording: loginRecordingSchema,
    secrets: z
      .record(secretNameSchema, secretSchema)
      .refine((secrets) => Object.keys(secrets).length <= SECRETS_MAX, `has more than ${SECRETS_MAX} secrets`)
      .default({}),
  })
  .superRefine(({ recording, secrets }, context) => {
    for (const [index, step] of recording.steps.entries()) {
      if (step.type !== 'change') continue;
      for (const name of secretNamesIn(step.value)) {
        if (Object.hasOwn(secrets, name)) continue;
        context.addIssue({
          code: 'custom',
          message: `wants the secret ${JSON.stringify(name.slice(0, 64))}, which is not given`,
          path: ['recording', 'steps', index, 'value'],
        });
      }
    }
  });
export type LoginFlow = z.infer<typeof loginFlowSchema>;

/** Everything secret that a scan may need to get into a site. */
export const siteAccessSchema = z.strictObject({
  /** Sent with requests to the scanned site's own host only. */
  headers: extraHeadersSchema.default([]),
  cookies: z.array(presetCookieSchema).max(COOKIES_MAX).default([]),
  httpCredentials: httpCredentialsSchema.nullable().default(null),
  login: loginFlowSchema.nullable().default(null),
});
export type SiteAccess = z.infer<typeof siteAccessSchema>;
