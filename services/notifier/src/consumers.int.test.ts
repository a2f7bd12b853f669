import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { SendNotificationJob } from '@cookie-scanner/contracts';
import { openPlatform, type PlatformUnderTest } from './platform.test.fixture.ts';

const jobIdOf = ({ eventId }: SendNotificationJob): string => `notify-${eventId}`;

describe('the notifier with a mail server', () => {
  let platform: PlatformUnderTest;
  let event: SendNotificationJob;

  beforeAll(async () => {
    platform = await openPlatform(['a@example.org', 'b@example.org']);
  });
  beforeEach(async () => {
    const { mails, recipientsNamed, script } = platform.smtp;
    for (const list of [mails, recipientsNamed, script]) list.length = 0;
    event = await platform.finishScan();
  });
  afterAll(() => platform.close());

  const recipients = (): string[] => platform.smtp.mails.flatMap(({ to }) => to).toSorted();
  const states = async (): Promise<string[]> =>
    (await platform.rowsOf(event)).map(({ channel, recipient, state }) => `${channel} ${recipient} ${state}`);

  it('tells of a finished scan once in the product and once by mail to each recipient', async () => {
    await platform.announce(event);
    await platform.untilState(jobIdOf(event), 'completed');
    expect(await states()).toEqual([
      'email a@example.org sent',
      'email b@example.org sent',
      'in_app everyone sent',
    ]);
    expect(recipients()).toEqual(['a@example.org', 'b@example.org']);
    expect(platform.smtp.mails[0]?.raw).toMatch(
      /^Subject: 12 cookies were found on www\.lumen-garden\.example/m,
    );
  });

  it('tells members of the workspace as they chose, and nobody else', async () => {
    const [keen, calm, quiet, off] = await Promise.all([
      platform.addMember(event, { in_app: true, email: true }),
      platform.addMember(event, {}),
      platform.addMember(event, { in_app: false, email: false }),
      platform.addMember(event, { email: true }, 'disabled'),
    ]);
    await platform.announce(event);
    await platform.untilState(jobIdOf(event), 'completed');
    const told = (await platform.rowsOf(event)).filter(({ user_id }) => user_id !== null);
    const channelsOf = (person: { id: string } | undefined): string[] =>
      told.filter(({ user_id }) => user_id === person?.id).map(({ channel }) => channel);
    expect([keen, calm, quiet, off].map(channelsOf)).toEqual([['email', 'in_app'], ['in_app'], [], []]);
    expect(recipients()).toEqual(['a@example.org', 'b@example.org', keen.email].toSorted());
    await platform.removeMembers();
  });

  it('sends nothing twice when the event is delivered twice, also at the same time', async () => {
    await Promise.all([platform.announce(event), platform.announce(event, { jobId: 'other-id' })]);
    await platform.untilState(jobIdOf(event), 'completed');
    await platform.untilState('other-id', 'completed');
    await platform.announce(event, { jobId: 'still-other-id' });
    await platform.untilState('still-other-id', 'completed');
    expect(recipients()).toEqual(['a@example.org', 'b@example.org']);
    expect(await states()).toHaveLength(3);
  });

  it('tries again after greylisting, and only for the recipient that was put off', async () => {
    platform.smtp.script.push({ code: 451, text: 'greylisted, come back later' });
    await platform.announce(event);
    await platform.untilState(jobIdOf(event), 'completed');
    expect(recipients()).toEqual(['a@example.org', 'b@example.org']);
    expect(platform.smtp.recipientsNamed).toEqual(['a@example.org', 'b@example.org', 'a@example.org']);
    expect(await states()).toContain('email a@example.org sent');
  });

  it('tries again after a connection that broke', async () => {
    platform.smtp.script.push('hang up');
    await platform.announce(event);
    await platform.untilState(jobIdOf(event), 'completed');
    expect(recipients()).toEqual(['a@example.org', 'b@example.org']);
  });

  it('sends every attempt of one mail under the same Message-ID', async () => {
    await platform.announce(event);
    await platform.untilState(jobIdOf(event), 'completed');
    const rows = await platform.rowsOf(event);
    const idOf = (recipient: string): unknown => rows.find((row) => row.recipient === recipient)?.['id'];
    for (const { to, raw } of platform.smtp.mails) {
      expect(raw).toContain(`Message-ID: <${String(idOf(to[0] ?? ''))}@example.net>`);
    }
  });

  it('does not try again after a refusal, records it, and still serves the others', async () => {
    platform.smtp.script.push({ code: 550, text: 'no such user' });
    await platform.announce(event);
    await platform.untilState(jobIdOf(event), 'failed');
    expect(recipients()).toEqual(['b@example.org']);
    expect(platform.smtp.recipientsNamed).toEqual(['a@example.org', 'b@example.org']);
    const refused = (await platform.rowsOf(event)).find((row) => row.recipient === 'a@example.org');
    expect(refused).toMatchObject({
      state: 'failed',
      failure_reason: expect.stringContaining('no such user'),
    });
  });

  it('records that it gave up when the server puts it off each time', async () => {
    const putOff = { code: 451, text: 'try again later' };
    platform.smtp.script.push(putOff, putOff, putOff, putOff);
    await platform.announce(event, { attempts: 2 });
    await platform.untilState(jobIdOf(event), 'failed');
    // The rows are marked right after the job is.
    const given = ['email a@example.org failed', 'email b@example.org failed', 'in_app everyone sent'];
    while ((await states()).join() !== given.join()) await delay(20);
    const [row] = await platform.rowsOf(event);
    expect(row?.failure_reason).toMatch(/^given up: .*try again later/);
  });

  it('gives up an event whose scan is gone', async () => {
    const gone = { ...event, scanId: randomUUID() };
    await platform.announce(gone);
    await platform.untilState(jobIdOf(gone), 'failed');
    expect(await platform.rowsOf(gone)).toEqual([]);
  });
});

describe('the notifier without a mail server', () => {
  it('tells in the product only', async () => {
    const platform = await openPlatform(null);
    const event = await platform.finishScan();
    await platform.announce(event);
    await platform.untilState(jobIdOf(event), 'completed');
    expect(await platform.rowsOf(event)).toMatchObject([{ channel: 'in_app', state: 'sent' }]);
    await platform.close();
  });
});
