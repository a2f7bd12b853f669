import { z } from 'zod';
import { DEVELOPMENT_SECRET, guarded, productionSettings } from '../production-rules.ts';
import { documented, wholeNumber } from '../setting.ts';

const MINUTE_SECONDS = 60;
const DAY_SECONDS = 86_400;

/** What is wrong already is still text here, and not compared. */
function isLonger(one: unknown, other: unknown): boolean {
  return typeof one === 'number' && typeof other === 'number' && one > other;
}

const AUTH_ENCRYPTION_KEY = documented(
  z.string().default(DEVELOPMENT_SECRET),
  'Encrypts the secrets of second factors and webhooks, hashes API keys, signs the audit log; the same for all services. Set a\n' +
    'secret of at least 32 characters (openssl rand -hex 32); the gateway refuses the default, and npm start makes its own.',
);

/** The one key that gateway and notifier share. */
export const encryptionKeyConfig = guarded(
  z.object({ ...productionSettings, AUTH_ENCRYPTION_KEY }),
).transform((env) => env.AUTH_ENCRYPTION_KEY);

/** Keys and lifetimes of what proves who somebody is. */
export const authConfig = guarded(
  z.object({
    ...productionSettings,
    JWT_SECRET: documented(
      z.string().default(DEVELOPMENT_SECRET),
      'Signs access tokens. Set a secret of at least 32 characters (openssl rand -hex 32); the gateway refuses the default,\n' +
        'and npm start makes its own.',
    ),
    JWT_SECRET_PREVIOUS: documented(
      z.string().nullable().default(null),
      'The secret before a change. Tokens that it signed are accepted until they expire.',
      { example: 'the JWT_SECRET of yesterday, of 32 characters or more' },
    ),
    JWT_ISSUER: documented(
      z.string().default('cookie-scanner'),
      'Issuer that tokens are made with, and checked for.',
    ),
    JWT_AUDIENCE: documented(
      z.string().default('cookie-scanner-api'),
      'Audience that tokens are made for, and checked for.',
    ),
    JWT_LIFETIME_SECONDS: documented(
      wholeNumber(MINUTE_SECONDS, DAY_SECONDS).default(10 * MINUTE_SECONDS),
      'Seconds that an access token is good for.',
      { isLive: true },
    ),
    REFRESH_LIFETIME_SECONDS: documented(
      wholeNumber(MINUTE_SECONDS, 366 * DAY_SECONDS).default(30 * DAY_SECONDS),
      'Seconds after a login until its session ends, used or not.',
      { isLive: true },
    ),
    REFRESH_IDLE_SECONDS: documented(
      wholeNumber(MINUTE_SECONDS, 366 * DAY_SECONDS).default(7 * DAY_SECONDS),
      'Seconds after which a session ends that nobody uses.',
      { isLive: true },
    ),
    AUTH_ENCRYPTION_KEY,
  }),
)
  .superRefine(
    (env, context) => {
      const refuse = (name: string, message: string): void =>
        context.addIssue({ code: 'custom', path: [name], message });
      if (isLonger(env.REFRESH_IDLE_SECONDS, env.REFRESH_LIFETIME_SECONDS)) {
        refuse('REFRESH_IDLE_SECONDS', 'must not be longer than REFRESH_LIFETIME_SECONDS');
      }
      if (isLonger(env.JWT_LIFETIME_SECONDS, env.REFRESH_LIFETIME_SECONDS)) {
        refuse('JWT_LIFETIME_SECONDS', 'must not be longer than REFRESH_LIFETIME_SECONDS');
      }
      if (env.JWT_SECRET === env.AUTH_ENCRYPTION_KEY && env.JWT_SECRET !== DEVELOPMENT_SECRET) {
        refuse('AUTH_ENCRYPTION_KEY', 'must not be the same secret as JWT_SECRET');
      }
    },
    { when: () => true },
  )
  .transform((env) => ({
    jwtSecret: env.JWT_SECRET,
    jwtSecretPrevious: env.JWT_SECRET_PREVIOUS,
    jwtIssuer: env.JWT_ISSUER,
    jwtAudience: env.JWT_AUDIENCE,
    jwtLifetimeSeconds: env.JWT_LIFETIME_SECONDS,
    refreshLifetimeSeconds: env.REFRESH_LIFETIME_SECONDS,
    refreshIdleSeconds: env.REFRESH_IDLE_SECONDS,
    encryptionKey: env.AUTH_ENCRYPTION_KEY,
  }));
