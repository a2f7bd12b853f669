import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** A mail that the server took. */
interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  /** Headers and body as they came. */
  readonly raw: string;
}

/** What the server does with the next recipient: take it, answer with a code, or hang up. */
type Verdict = 'take' | 'hang up' | { readonly code: number; readonly text: string };

/** A mail server on a real socket that does as it is told. */
export interface SmtpSink {
  readonly url: string;
  readonly mails: ReceivedMail[];
  /** How often a client named a recipient. */
  readonly recipientsNamed: string[];
  /** Verdicts for the next recipients, in order; then everything is taken. */
  readonly script: Verdict[];
  close(): Promise<void>;
}

export async function openSmtpSink(): Promise<SmtpSink> {
  const mails: ReceivedMail[] = [];
  const recipientsNamed: string[] = [];
  const script: Verdict[] = [];

  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    onRcptTo({ address }, _session, callback) {
      recipientsNamed.push(address);
      const verdict = script.shift() ?? 'take';
      if (verdict === 'take') return void callback();
      if (verdict === 'hang up') {
        for (const connection of server.connections) connection._socket.destroy();
        return;
      }
      callback(Object.assign(new Error(verdict.text), { responseCode: verdict.code }));
    },
    onData(stream, session, callback) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          raw: Buffer.concat(chunks).toString(),
        });
        callback();
      });
    },
  });
  // Connections that break are what some tests are about.
  server.on('error', () => undefined);
  const listener = server.listen(0, '127.0.0.1');
  await once(listener, 'listening');

  return {
    url: `smtp://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    ...{ mails, recipientsNamed, script },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
