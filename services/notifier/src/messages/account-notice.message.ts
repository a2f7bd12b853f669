import { visibleText } from '@cookie-scanner/analysis';
import type { NotificationEvent } from '@cookie-scanner/contracts';
import type { AccountNotice } from '@cookie-scanner/database';
import { htmlMail } from './html-mail.ts';
import type { MailFact, Message } from './message.ts';

const TIME = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'medium', timeZone: 'UTC' });
const USER_AGENT_LENGTH_MAX = 200;

/** What people are told of, by the action of the audit log. Anything else is not for them. */
const NOTICES: Readonly<Record<string, readonly [event: NotificationEvent, headline: string]>> = {
  'user.change_password': ['password_changed', 'Your password was changed'],
  'user.reset_password': ['password_changed', 'Your password was changed by a link'],
  'session.end': [
    'session_revoked',
    'You were signed out somewhere, because an old login of yours was used again',
  ],
  'api_key.create': ['api_key_created', 'An API key was made in your name'],
  'mfa.enable': ['mfa_changed', 'Your account asks for a second factor now'],
  'mfa.disable': ['mfa_changed', 'The second factor of your account was taken away'],
  'mfa.replace_recovery_codes': ['mfa_changed', 'The recovery codes of your account were replaced'],
  'mfa.use_recovery_code': ['mfa_changed', 'A recovery code of your account was used'],
  'passkey.add': ['passkey_changed', 'A passkey was added to your account'],
  'passkey.remove': ['passkey_changed', 'A passkey of your account was removed'],
};

/**
 * What somebody is told of their account: what, when, from where. It holds no link, so that nobody learns to follow links
 * in such mails, and no secret.
 *
 * @returns null when this is nothing to tell
 */
export function accountNoticeMessage(
  notice: AccountNotice,
): { readonly event: NotificationEvent; readonly message: Message } | null {
  const known = Object.hasOwn(NOTICES, notice.action) ? NOTICES[notice.action] : undefined;
  if (!known) return null;
  const [event, headline] = known;
  const facts: MailFact[] = [
    ...optional('Name', notice.subjectName),
    fact('When', `${TIME.format(notice.at)} UTC`),
    ...optional('From', notice.address),
    ...optional('With', notice.userAgent?.slice(0, USER_AGENT_LENGTH_MAX) ?? null),
    fact('Account', notice.email),
    fact('Not you?', 'Change your password, end all other sessions and API keys, and tell your Admin.'),
  ];
  const lines = facts.map(({ label, text }) => `${`${label}:`.padEnd(10)}${text}`);
  return {
    event,
    message: {
      subject: headline,
      text: [headline, '', ...lines, ''].join('\n'),
      html: htmlMail(headline, facts),
    },
  };
}

function optional(label: string, text: string | null): MailFact[] {
  return text === null || text === '' ? [] : [fact(label, text)];
}

function fact(label: string, text: string): MailFact {
  return { label, text: visibleText(text), href: null };
}
