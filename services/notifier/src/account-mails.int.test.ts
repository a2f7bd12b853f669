import { randomUUID } from 'node:crypto';
import { mailedToken, secretHash } from '@cookie-scanner/auth';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openPlatform, TEST_KEYS, type PlatformUnderTest } from './platform.test.fixture.ts';

let platform: PlatformUnderTest;

beforeAll(async () => {
  platform = await openPlatform([]);
});
beforeEach(() => {
  for (const list of [platform.smtp.mails, platform.smtp.script]) list.length = 0;
});
afterAll(() => platform.close());

interface Token {
  readonly kind: 'invitation' | 'password_reset';
  readonly workspaceName?: string;
  readonly hash?: string;
}

/** A token as the gateway leaves it. */
async function leaveToken({ kind, workspaceName = 'Lab', hash }: Token) {
  const [id, userId, workspaceId] = [randomUUID(), randomUUID(), randomUUID()];
  const email = `${userId}@example.org`;
  const tokenHash = hash ?? secretHash(TEST_KEYS, mailedToken(TEST_KEYS, id));
  await platform.database.sql(
    `INSERT INTO users (id, email, display_name, state) VALUES ($1, $2, 'Ada', $3::user_state)`,
    [userId, email, kind === 'invitation' ? 'invited' : 'active'],
  );
  await platform.database.sql(`INSERT INTO workspaces (id, name, slug) VALUES ($1, $2, $3)`, [
    ...[workspaceId, workspaceName, workspaceId],
  ]);
  await platform.database.sql(
    `INSERT INTO workspace_members (workspace_id, user_id, role) VALUES ($1, $2, 'Viewer')`,
    [workspaceId, userId],
  );
  await platform.database.sql(
    `INSERT INTO user_tokens (id, user_id, kind, token_hash, expires_at)
     VALUES ($1, $2, $3::token_kind, $4, now() + interval '1 h')`,
    [id, userId, kind, tokenHash],
  );
  return { id, email, token: mailedToken(TEST_KEYS, id) };
}

async function send(id: string, state: 'completed' | 'failed' = 'completed'): Promise<void> {
  await platform.untilState(await platform.announceLink(id), state, 'send-account-mail');
}

/** The text of a mail with its lines put together again. */
function textOf(raw: string | undefined): string {
  return (raw ?? '')
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}

describe('a link', () => {
  it.each([
    ['password_reset', 'new-password', 'Choose a new password'],
    ['invitation', 'invitation', 'You are invited to the workspace'],
  ] as const)('of a %s goes to its owner, below the configured address', async (kind, page, subject) => {
    const { id, email, token } = await leaveToken({ kind });
    await send(id);
    expect(platform.smtp.mails).toMatchObject([{ to: [email] }]);
    const text = textOf(platform.smtp.mails[0]?.raw);
    expect(text).toContain(`https://scanner.example/account/${page}#token=${token}`);
    expect(text).toContain(`Message-ID: <${id}@example.net>`);
    expect(text).toContain(subject);
  });

  it('is tried again when the server puts it off, and mailed no second time', async () => {
    const { id } = await leaveToken({ kind: 'password_reset' });
    platform.smtp.script.push({ code: 451, text: 'greylisted' }, 'hang up');
    await send(id);
    expect(platform.smtp.mails).toHaveLength(1);
    const [row] = await platform.database.sql<{ mailed: boolean }>(
      'SELECT mailed_at IS NOT NULL AS mailed FROM user_tokens WHERE id = $1',
      [id],
    );
    expect(row?.mailed).toBe(true);
  });

  it('is not mailed once it is of no use', async () => {
    const { id } = await leaveToken({ kind: 'invitation' });
    await platform.database.sql('UPDATE user_tokens SET used_at = now() WHERE id = $1', [id]);
    await send(id);
    await send(randomUUID());
    expect(platform.smtp.mails).toEqual([]);
  });

  it('is not mailed when it would not open anything, because the keys differ', async () => {
    const { id } = await leaveToken({ kind: 'invitation', hash: 'ab'.repeat(32) });
    await send(id, 'failed');
    expect(platform.smtp.mails).toEqual([]);
  });

  it('carries the name of a workspace as text', async () => {
    const { id } = await leaveToken({ kind: 'invitation', workspaceName: '<b>x</b>" & {{7*7}}' });
    await send(id);
    const text = textOf(platform.smtp.mails[0]?.raw);
    expect(text).toContain('&lt;b&gt;x&lt;/b&gt;&quot; &amp; {{7*7}}');
    expect(text.slice(text.indexOf('<html'))).not.toContain('<b>');
  });
});
