import { visibleText } from '@cookie-scanner/analysis';
import type { AccountMail } from '@cookie-scanner/database';
import { htmlMail } from './html-mail.ts';
import type { MailFact, Message } from './message.ts';

const TIME = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });

/** Where the link of each mail leads, below the address under which people reach the installation. */
const PAGES: Readonly<Record<AccountMail['kind'], string>> = {
  invitation: '/account/invitation',
  password_reset: '/account/new-password',
};

/**
 * The mail whose link opens an account or lets its owner choose a new password.
 *
 * @param publicUrl - the configured address of the installation; what a request called it never gets here
 * @param token - stands behind `#`, which browsers send to no server and so to no log
 */
export function accountMessage(mail: AccountMail, token: string, publicUrl: string): Message {
  const href = `${publicUrl}${PAGES[mail.kind]}#token=${token}`;
  const headline = visibleText(
    mail.kind === 'invitation' ? invitationHeadline(mail) : 'Choose a new password',
  );
  const until = `${TIME.format(mail.expiresAt)} UTC`;
  const facts: MailFact[] = [
    { label: 'Open', text: href, href },
    fact('Good until', `${until}, once`),
    fact('Account', mail.email),
    ...(mail.kind === 'invitation' && mail.invitedBy !== null ? [fact('Invited by', mail.invitedBy)] : []),
    fact('Not you?', NOT_YOU[mail.kind]),
  ];
  const lines = facts.map(({ label, text }) => `${`${label}:`.padEnd(12)}${text}`);
  return {
    subject: headline,
    text: [headline, '', ...lines, ''].join('\n'),
    html: htmlMail(headline, facts),
  };
}

const NOT_YOU: Readonly<Record<AccountMail['kind'], string>> = {
  invitation: 'Leave this mail alone; without the link no account is opened.',
  password_reset: 'Leave this mail alone; your password stays as it is.',
};

function invitationHeadline({ workspaceName }: AccountMail): string {
  const where =
    workspaceName === null ? 'Cookie Scanner' : `the workspace “${workspaceName}” of Cookie Scanner`;
  return `You are invited to ${where}`;
}

function fact(label: string, text: string): MailFact {
  return { label, text: visibleText(text), href: null };
}
