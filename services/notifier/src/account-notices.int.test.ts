import { randomUUID } from 'node:crypto';
import {
  apiKeyRepository,
  passkeyRepository,
  secondFactorRepository,
  sessionRepository,
  userRepository,
} from '@cookie-scanner/database';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openPlatform, type PlatformUnderTest } from './platform.test.fixture.ts';

let platform: PlatformUnderTest;

beforeAll(async () => {
  platform = await openPlatform([]);
});
beforeEach(async () => {
  for (const list of [platform.smtp.mails, platform.smtp.script]) list.length = 0;
  await platform.database.sql('DELETE FROM outbox_events');
});
afterAll(() => platform.close());

interface Person {
  readonly id: string;
  readonly email: string;
  readonly workspaceId: string;
  readonly by: { actorKind: 'user'; actorId: string; ip: string; userAgent: string };
}

async function addPerson(): Promise<Person> {
  const [id, workspaceId] = [randomUUID(), randomUUID()];
  const email = `${id}@example.org`;
  const sql = (text: string, values: unknown[]) => platform.database.sql(text, values);
  await sql(`INSERT INTO users (id, email, display_name, state) VALUES ($1, $2, 'Ada', 'active')`, [
    id,
    email,
  ]);
  await sql(`INSERT INTO workspaces (id, name, slug) VALUES ($1, 'Lab', $2)`, [workspaceId, workspaceId]);
  await sql(`INSERT INTO workspace_members (workspace_id, user_id, role) VALUES ($1, $2, 'Admin')`, [
    workspaceId,
    id,
  ]);
  const from = { ip: '192.0.2.7', userAgent: 'Browser\u202e<b>' };
  return { id, email, workspaceId, by: { actorKind: 'user', actorId: id, ...from } };
}

/** Plays the relay: hands over what was left in the outbox, and waits until it is done. */
async function relay(state: 'completed' | 'failed' = 'completed'): Promise<void> {
  const rows = await platform.database.sql<{ payload: { auditLogId: string; userId: string } }>(
    `DELETE FROM outbox_events WHERE queue = 'send-account-notice' RETURNING payload`,
  );
  expect(rows).toHaveLength(1);
  for (const { payload } of rows) {
    // Nothing but ids travels through the queue.
    expect(Object.keys(payload).sort()).toEqual(['auditLogId', 'userId']);
    await platform.untilState(await platform.announceNotice(payload), state, 'send-account-notice');
  }
}

function noticesOf({ id }: Person) {
  return platform.database.sql<Record<string, unknown>>(
    `SELECT event::text, channel::text, recipient, workspace_id, state::text, body FROM notifications
      WHERE user_id = $1 ORDER BY notifications.channel`,
    [id],
  );
}

const SECRET = 'c2VjcmV0'.repeat(5);
const PASSWORD_HASH = `$argon2id$v=19$m=19456,t=2,p=1$${SECRET}$${SECRET}`;

/** What can be done to an account, each with the event and words that its owner hears. */
const DEEDS: readonly (readonly [
  action: string,
  event: string,
  headline: string,
  act: (person: Person) => Promise<unknown>,
])[] = [
  [
    'a changed password',
    'password_changed',
    'Your password was changed',
    ({ id, by }) => userRepository(platform.pool).setPassword(id, PASSWORD_HASH, { keepSessionId: null, by }),
  ],
  [
    'a new API key',
    'api_key_created',
    'An API key was made in your name',
    ({ id: userId, workspaceId, by }) =>
      apiKeyRepository(platform.pool).create(
        {
          ...{
            id: randomUUID(),
            userId,
            workspaceId,
            name: 'Build',
            prefix: `cks_live_${randomUUID().slice(0, 8)}`,
            keyHash: 'ab'.repeat(32),
          },
          ...{ scopes: ['scans:read'], rateLimitPerMinute: null, callerNetworks: [], expiresAt: null },
        },
        by,
      ),
  ],
  [
    'a second factor that was taken away',
    'mfa_changed',
    'The second factor of your account was taken away',
    async ({ id, by }) => {
      await platform.database.sql(
        `UPDATE users SET mfa_enabled_at = now(), totp_secret_encrypted = $2 WHERE id = $1`,
        [id, Buffer.alloc(60)],
      );
      await secondFactorRepository(platform.pool).disable(id, { keepSessionId: null, by });
    },
  ],
  [
    'a new passkey',
    'passkey_changed',
    'A passkey was added to your account',
    ({ id: userId, by }) =>
      passkeyRepository(platform.pool).add(
        {
          ...{ userId, name: 'Key ring', credentialId: SECRET, publicKey: Buffer.alloc(40), counter: 0 },
          ...{ transports: [], isBackedUp: false, challengedAt: new Date() },
        },
        by,
      ),
  ],
  [
    'an old refresh token that came back',
    'session_revoked',
    'You were signed out somewhere',
    async ({ id, by }) => {
      const sessionId = randomUUID();
      await platform.database.sql(
        `INSERT INTO refresh_sessions (id, user_id, token_hash, expires_at) VALUES ($1, $2, $3, now() + interval '1 h')`,
        [sessionId, id, 'ab'.repeat(32)],
      );
      const old = { tokenHash: 'cd'.repeat(32), successorHash: 'ef'.repeat(32), rotation: 0 };
      const times = { idleSeconds: 60, graceSeconds: 10 };
      await sessionRepository(platform.pool).rotate({ sessionId, ...old, ...times }, by);
    },
  ],
];

describe('somebody hears of', () => {
  it.each(DEEDS)(
    '%s: in the product and by mail, once, without secrets',
    async (_deed, event, headline, act) => {
      const person = await addPerson();
      await act(person);
      await relay();
      const common = { event, state: 'sent', body: expect.stringContaining('192.0.2.7') };
      expect(await noticesOf(person)).toEqual([
        { ...common, channel: 'in_app', recipient: person.id, workspace_id: person.workspaceId },
        { ...common, channel: 'email', recipient: person.email, workspace_id: null },
      ]);
      expect(platform.smtp.mails).toMatchObject([{ to: [person.email] }]);
      const raw = (platform.smtp.mails[0]?.raw ?? '').replace(/=\r\n/g, '');
      expect(raw).toContain(headline);
      expect(raw).toContain('Not you?');
      expect(raw).not.toContain(SECRET);
      expect(raw).not.toContain('Browser\u202e');
      expect(raw.slice(raw.indexOf('<html'))).not.toContain('<b>');
    },
  );
});

describe('a mail about an account', () => {
  it('that is refused for good is failed, and the notice in the product stays', async () => {
    const person = await addPerson();
    platform.smtp.script.push({ code: 550, text: 'no such box' });
    await userRepository(platform.pool).setPassword(person.id, PASSWORD_HASH, {
      keepSessionId: null,
      by: person.by,
    });
    await relay('failed');
    expect((await noticesOf(person)).map(({ channel, state }) => [channel, state])).toEqual([
      ['in_app', 'sent'],
      ['email', 'failed'],
    ]);
  });

  it('is not written for what a command of the machine does', async () => {
    const person = await addPerson();
    const by = { actorKind: 'system' } as const;
    await userRepository(platform.pool).setPassword(person.id, PASSWORD_HASH, { keepSessionId: null, by });
    const waiting = await platform.database.sql(
      `SELECT FROM outbox_events WHERE queue = 'send-account-notice' AND payload->>'userId' = $1`,
      [person.id],
    );
    expect(waiting).toEqual([]);
  });
});
