import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { createMailer, type Mail, type Mailer } from './mailer.ts';
import { openSmtpSink, type SmtpSink } from './smtp-sink.test.fixture.ts';

const mail: Mail = {
  id: '0190a7c4-5d3e-4b1a-9c2d-3f4e5a6b7c8d',
  to: 'privacy@example.org',
  subject: '12 cookies were found on www.lumen-garden.example',
  text: 'Hello\n\n.\nGrüße\n',
  html: '<!doctype html><p>Hello</p>',
};

describe('the mailer', () => {
  const never = new AbortController().signal;
  let sink: SmtpSink;
  let mailer: Mailer;

  beforeAll(async () => {
    sink = await openSmtpSink();
    mailer = createMailer({ url: sink.url, from: 'Cookie Scanner <scanner@example.net>' });
  });
  beforeEach(() => {
    sink.mails.length = 0;
    sink.script.length = 0;
  });
  afterAll(() => sink.close());

  it('hands over text and HTML under an id that is the same each time', async () => {
    await mailer.send(mail, never);
    const [received] = sink.mails;
    expect(received).toMatchObject({ from: 'scanner@example.net', to: ['privacy@example.org'] });
    expect(received?.raw).toContain(`Message-ID: <${mail.id}@example.net>`);
    expect(received?.raw).toContain('Auto-Submitted: auto-generated');
    expect(received?.raw).toContain('From: Cookie Scanner <scanner@example.net>');
    expect(received?.raw).toMatch(/Content-Type: text\/plain[\s\S]*Content-Type: text\/html/);
  });

  it.each([
    [451, 'greylisted', 'DELIVERY_FAILED'],
    [421, 'too busy', 'DELIVERY_FAILED'],
    [550, 'no such user', 'DELIVERY_REFUSED'],
    [554, 'looks like spam', 'DELIVERY_REFUSED'],
  ])('makes of the answer %d %s the error %s', async (code, text, expected) => {
    sink.script.push({ code, text });
    await expect(mailer.send(mail, never)).rejects.toMatchObject({
      code: expected,
      message: expect.stringContaining(text),
    });
  });

  it('calls a connection that breaks a failure that may pass', async () => {
    sink.script.push('hang up');
    await expect(mailer.send(mail, never)).rejects.toMatchObject({ code: 'DELIVERY_FAILED' });
  });

  it('calls a server that is not there a failure that may pass', async () => {
    const gone = await openSmtpSink();
    await gone.close();
    const send = createMailer({ url: gone.url, from: 'a@example.net' }).send(mail, never);
    await expect(send).rejects.toMatchObject({ code: 'DELIVERY_FAILED' });
  });

  it('does not wait for a server that says nothing', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const url = `smtp://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const send = createMailer({ url, from: 'a@example.net', timeoutMs: 100 }).send(mail, never);
    await expect(send).rejects.toMatchObject({ code: 'DELIVERY_FAILED' });
    silent.close();
  });

  it('stops when it is told to', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const url = `smtp://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const controller = new AbortController();
    const reason = new Error('shutdown');
    silent.once('connection', () => controller.abort(reason));
    await expect(createMailer({ url, from: 'a@example.net' }).send(mail, controller.signal)).rejects.toBe(
      reason,
    );
    silent.close();
  });

  it.each([
    ['subject', { subject: 'harmless\r\nBcc: victim@example.org' }],
    ['subject with a line separator', { subject: 'harmless\u2028Bcc: victim@example.org' }],
    ['recipient', { to: 'a@example.org\r\nRCPT TO:<victim@example.org>' }],
    ['id', { id: 'x>\r\nBcc: victim@example.org' }],
  ])('refuses a %s that would add a header or a command', async (_what, change) => {
    await expect(mailer.send({ ...mail, ...change }, never)).rejects.toMatchObject({
      code: 'DELIVERY_REFUSED',
    });
    expect(sink.mails).toEqual([]);
  });

  it.each([
    'a@example.org, victim@example.org',
    'a@example.org;victim@example.org',
    'x <victim@example.org>',
    '',
  ])('never sends to more than the one recipient it was given (%s)', async (to) => {
    await mailer.send({ ...mail, to }, never).catch(() => undefined);
    expect(sink.mails.flatMap((received) => received.to)).not.toContain('victim@example.org');
  });

  it('reads neither files nor addresses that a text names', async () => {
    await mailer.send(
      { ...mail, text: 'file:///etc/passwd', html: '<img src="http://sink.example/x.png">' },
      never,
    );
    expect(sink.mails[0]?.raw).not.toMatch(/root:|multipart\/related/);
  });
});
