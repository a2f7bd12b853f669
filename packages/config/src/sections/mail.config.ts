import { z } from 'zod';
import { guarded, productionSettings } from '../production-rules.ts';
import { commaList, documented } from '../setting.ts';

const ADDRESS = /^[^\s@<>,;:"()]+@[^\s@<>,;:"()]+$/;
const NAMED_ADDRESS = /^[^\r\n<>,;"]*<([^<>]+)>$/;

function isSender(text: string): boolean {
  return ADDRESS.test(NAMED_ADDRESS.exec(text)?.[1] ?? text);
}

const SMTP_URL = documented(
  z
    .url({ protocol: /^smtps?$/, error: 'must be a URL such as smtp://user:password@host:587' })
    .nullable()
    .default(null),
  'Mail server for notifications. Without it they are kept in the database only.',
  { example: 'smtp://user:password@mail.example.org:587' },
);

const MAIL_FROM = documented(
  z
    .string()
    .refine(isSender, 'must be one address such as Cookie Scanner <scanner@example.org>')
    .nullable()
    .default(null),
  'Sender of the mails. Needed with SMTP_URL.',
  { example: 'Cookie Scanner <scanner@example.org>' },
);

const MAIL_TO = documented(
  z
    .string()
    .transform(commaList)
    .refine((all) => all.every((one) => ADDRESS.test(one)), 'must be addresses separated by commas')
    .default([]),
  'Receivers of the mails, separated by commas. Needed with SMTP_URL.',
  { example: 'privacy@example.org,web@example.org' },
);

/** The mail part of the Notification section. */
export const mailSettings = guarded(
  z.object({ ...productionSettings, SMTP_URL, MAIL_FROM, MAIL_TO }),
).superRefine(
  (env, context) => {
    if (env.SMTP_URL === null) return;
    const message = 'is needed when SMTP_URL is set';
    if (env.MAIL_FROM === null) context.addIssue({ code: 'custom', path: ['MAIL_FROM'], message });
    if (env.MAIL_TO.length === 0) context.addIssue({ code: 'custom', path: ['MAIL_TO'], message });
  },
  // Also beside other problems, so that all are reported at once.
  { when: () => true },
);

/** Delivery of notifications by e-mail. Without `SMTP_URL` there is none. */
export const mailConfig = mailSettings.transform((env) => ({
  smtpUrl: env.SMTP_URL,
  from: env.MAIL_FROM,
  to: env.MAIL_TO,
}));
