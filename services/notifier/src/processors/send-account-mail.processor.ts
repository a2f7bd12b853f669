import { mailedToken, secretHash, type AuthKeys } from '@cookie-scanner/auth';
import type { SendAccountMailJob } from '@cookie-scanner/contracts';
import type { AccountMailRepository } from '@cookie-scanner/database';
import { AppError } from '@cookie-scanner/errors';
import type { Processor } from '@cookie-scanner/queues';
import type { Mailer } from '../mail/mailer.ts';
import { accountMessage } from '../messages/account.message.ts';

/** What mailing links about accounts needs. */
export interface SendAccountMailDeps {
  readonly accountMails: AccountMailRepository;
  readonly keys: Pick<AuthKeys, 'pepper' | 'mailedToken'>;
  /** Null when no mail server is configured. */
  readonly mailer: Mailer | null;
  /** Where people reach this installation; null when that is not known, and then no link can be made. */
  readonly publicUrl: string | null;
}

/**
 * Mails somebody the link that a token of theirs opens. Links that are of no use any more are not mailed, and none twice
 * unless the process dies between sending and noting it; then under the same Message-ID.
 *
 * @throws AppError DELIVERY_FAILED when the mail could not be delivered now (retried)
 * @throws AppError DELIVERY_REFUSED when it never will be (not retried)
 * @throws AppError CONFIG_INVALID when gateway and notifier have different keys: the link would not work
 */
export function sendAccountMailProcessor(deps: SendAccountMailDeps): Processor<SendAccountMailJob> {
  const { accountMails, keys, mailer, publicUrl } = deps;

  return async ({ userTokenId }, { signal, log }) => {
    const mail = await accountMails.find(userTokenId);
    if (!mail?.isOpen || mail.isMailed) return;
    if (!mailer || publicUrl === null) {
      throw new AppError('DELIVERY_REFUSED', 'links can be mailed with SMTP_URL and PUBLIC_URL only');
    }
    const token = mailedToken(keys, userTokenId);
    if (secretHash(keys, token) !== mail.tokenHash) {
      throw new AppError('CONFIG_INVALID', 'AUTH_ENCRYPTION_KEY is not the one of the gateway');
    }
    await mailer.send({ id: mail.id, to: mail.email, ...accountMessage(mail, token, publicUrl) }, signal);
    await accountMails.markMailed(mail.id);
    log.info('a link was mailed', { kind: mail.kind, userTokenId });
  };
}
