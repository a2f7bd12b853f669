import { notificationChannelSchema, type NotificationChannel } from '@cookie-scanner/contracts';
import { z } from 'zod';
import { commaList, documented, wholeNumber, yesOrNo } from '../setting.ts';
import { mailSettings } from './mail.config.ts';

const CHANNELS = notificationChannelSchema.options;

/** How people and other systems are told what happened. */
export const notificationConfig = mailSettings
  .safeExtend({
    NOTIFICATION_CHANNELS: documented(
      z
        .string()
        .transform(commaList)
        .pipe(z.array(z.enum(CHANNELS, { error: `may name only ${CHANNELS.join(', ')}` })))
        .nullable()
        .default(null),
      `Ways that notifications may take, separated by commas: ${CHANNELS.join(', ')}.\n` +
        'Without a value: in_app, and email when SMTP_URL is set. email without SMTP_URL is an error. Only in_app,\n' +
        'email and webhook are delivered yet; webhooks go by what a workspace set up, named here or not.',
      { example: 'in_app,email' },
    ),
    WEBHOOK_TIMEOUT_MS: documented(
      wholeNumber(100, 60_000).default(10_000),
      'Milliseconds that the receiver of a webhook has to answer.',
    ),
    WEBHOOK_MAX_ATTEMPTS: documented(
      wholeNumber(1, 50).default(8),
      'How often a webhook is tried before its delivery is given up: at once, then after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h.',
    ),
    WEBHOOK_ALLOW_HTTP: documented(
      yesOrNo().default(false),
      'Lets webhooks go to http: addresses, where everybody on the way can read them.',
    ),
  })
  .superRefine(
    (env, context) => {
      if (!Array.isArray(env.NOTIFICATION_CHANNELS) || !env.NOTIFICATION_CHANNELS.includes('email')) return;
      if (env.SMTP_URL !== null) return;
      const message = 'is needed because NOTIFICATION_CHANNELS names email';
      context.addIssue({ code: 'custom', path: ['SMTP_URL'], message });
    },
    { when: () => true },
  )
  .transform((env) => ({
    smtpUrl: env.SMTP_URL,
    from: env.MAIL_FROM,
    to: env.MAIL_TO,
    channels: env.NOTIFICATION_CHANNELS ?? defaultChannels(env.SMTP_URL),
    webhookTimeoutMs: env.WEBHOOK_TIMEOUT_MS,
    webhookAttemptsMax: env.WEBHOOK_MAX_ATTEMPTS,
    webhookAllowsHttp: env.WEBHOOK_ALLOW_HTTP,
  }));

function defaultChannels(smtpUrl: string | null): NotificationChannel[] {
  return smtpUrl === null ? ['in_app'] : ['in_app', 'email'];
}
