import { createTransport } from 'nodemailer';
import { deliveryError } from './delivery-error.ts';

/** One message to one recipient. */
export interface Mail {
  /** Stable id of the message; the same mail sent again carries the same Message-ID, so receivers can tell. */
  readonly id: string;
  readonly to: string;
  /** One line. */
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Hands mails to a mail server. */
export interface Mailer {
  /**
   * Resolves when the server took the mail.
   *
   * @throws AppError DELIVERY_FAILED when it may take it later (4xx, timeout, connection)
   * @throws AppError DELIVERY_REFUSED when it never will (5xx, address that cannot be)
   */
  send(mail: Mail, signal: AbortSignal): Promise<void>;
}

interface MailerOptions {
  /** `smtp://` or `smtps://`, with user and password where the server wants them. */
  readonly url: string;
  /** Address that the mails come from, with or without a name. */
  readonly from: string;
  /** Longest wait for each of connection, greeting and answer; 10,000 unless told. */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 10_000;

/**
 * Characters that would end a header, or a command of SMTP; nothing that is sent in one may have them.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5322#section-2.2
 */
const UNSENDABLE = /[\p{Cc}\u2028\u2029]/u;

/** Prepares sending over SMTP. Connects for each mail, so a server that is away now is no trouble. */
export function createMailer({ url, from, timeoutMs = TIMEOUT_MS }: MailerOptions): Mailer {
  const transport = createTransport({
    url,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
  });
  const domain = /@([^\s<>@]+)>?$/.exec(from)?.[1] ?? 'localhost';

  return {
    async send({ id, to, subject, text, html }, signal) {
      try {
        for (const line of [from, to, subject, id]) {
          if (UNSENDABLE.test(line))
            throw new TypeError('a line of a mail header contains control characters');
        }
        await transport.sendMail({
          ...{ from, subject, text, html },
          // As an object, so that no part of it is parsed as a list of addresses.
          to: { name: '', address: to },
          messageId: `<${id}@${domain}>`,
          // Answers by robots to a robot help nobody. RFC 3834.
          headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
          disableFileAccess: true,
          disableUrlAccess: true,
          signal,
        });
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        throw deliveryError(error);
      }
    },
  };
}
