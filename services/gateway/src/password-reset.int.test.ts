import { randomUUID } from 'node:crypto';
import { mailedToken, secretHash } from '@cookie-scanner/auth';
import { invitationSchema, loginAnswerSchema } from '@cookie-scanner/contracts';
import { createTestDatabase, type TestDatabase } from '@cookie-scanner/database/testing';
import { testRedis } from '@cookie-scanner/redis/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { problemBody } from './testing/problem-body.ts';
import { startTestGateway, type TestGateway } from './testing/start-test-gateway.ts';
import { bearer, PASSWORD, postJson, testAccounts, type TestPerson } from './testing/test-accounts.ts';

const NEW_PASSWORD = 'eleven quiet harbours';
const redis = testRedis();
let database: TestDatabase;
let gateway: TestGateway;
let accounts: ReturnType<typeof testAccounts>;

beforeAll(async () => {
  database = await createTestDatabase();
  // Behind a proxy of ours, so that each test can come from an address of its own.
  gateway = await startTestGateway({
    ...{ databaseUrl: database.url, redis, trustedProxyHops: 1 },
    ...{ publicUrl: 'https://scanner.example', sendsMails: true },
  });
  accounts = testAccounts(gateway, database);
});
afterAll(async () => {
  await gateway.close();
  await database.drop();
  await redis.cleanup();
});

async function send(path: string, body: unknown, headers: Record<string, string> = {}) {
  const from = { 'X-Forwarded-For': `2001:db8::${randomUUID().slice(0, 4)}` };
  const response = await postJson(gateway, path, body, { ...from, ...headers });
  const text = await response.text();
  return { status: response.status, code: response.ok ? null : problemBody(text).code, text };
}

const wish = (email: string, headers = {}) => send('/auth/password-reset', { email }, headers);
const finish = (token: string, newPassword = NEW_PASSWORD) =>
  send('/auth/password-reset/finish', { token, newPassword });
const login = (email: string, password: string) => send('/auth/login', { email, password });

/** Tokens that were to be mailed to somebody, the newest first, as the notifier works them out. */
async function mailedTo(email: string): Promise<string[]> {
  const rows = await database.sql<{ id: string }>(
    `SELECT token.id FROM user_tokens AS token JOIN users ON users.id = token.user_id
       JOIN outbox_events ON payload->>'userTokenId' = token.id::text AND queue = 'send-account-mail'
      WHERE email = $1 ORDER BY token.created_at DESC`,
    [email],
  );
  return rows.map(({ id }) => mailedToken(gateway.auth.keys, id));
}

async function newToken({ email }: TestPerson): Promise<string> {
  expect((await wish(email)).status).toBe(202);
  return (await mailedTo(email))[0] ?? '';
}

describe('a forgotten password', () => {
  it('is replaced by the link of a mail, once, and every session ends', async () => {
    const person = await accounts.addPerson();
    const session = await accounts.signIn(person);
    const token = await newToken(person);
    const tries = await Promise.all(Array.from({ length: 4 }, () => finish(token)));
    expect(tries.map(({ status }) => status).sort()).toEqual([204, 400, 400, 400]);
    expect((await finish(token)).code).toBe('RESET_INVALID');
    expect((await fetch(`${gateway.url}/me`, { headers: bearer(session) })).status).toBe(401);
    expect((await login(person.email, PASSWORD)).status).toBe(401);
    expect((await login(person.email, NEW_PASSWORD)).status).toBe(200);
    const logs = await database.sql<{ action: string }>(
      `SELECT action FROM audit_logs WHERE target_id = $1 ORDER BY sequence`,
      [person.id],
    );
    const actions = logs.map(({ action }) => action).filter((action) => action.includes('password'));
    expect(actions).toEqual(['user.wish_password_reset', 'user.reset_password']);
  });

  it('is answered alike for addresses without an account, with one, and with one that is switched off', async () => {
    const person = await accounts.addPerson();
    const off = await accounts.addPerson();
    await database.sql(`UPDATE users SET state = 'disabled' WHERE id = $1`, [off.id]);
    const answers = await Promise.all(
      [person.email, off.email, `${randomUUID()}@example.org`].map((email) => wish(email)),
    );
    for (const answer of answers) expect(answer).toEqual({ status: 202, code: null, text: '' });
    expect([await mailedTo(person.email), await mailedTo(off.email)]).toMatchObject([
      [expect.any(String)],
      [],
    ]);
  });

  it('does not take the second factor away', async () => {
    const person = await accounts.addPerson();
    const token = await newToken(person);
    await database.sql(`UPDATE users SET mfa_enabled_at = now(), totp_secret_encrypted = $2 WHERE id = $1`, [
      person.id,
      Buffer.alloc(60),
    ]);
    expect((await finish(token)).status).toBe(204);
    const { text } = await login(person.email, NEW_PASSWORD);
    expect(loginAnswerSchema.parse(JSON.parse(text)).status).toBe('mfa_required');
  });

  it('is not replaced by a link that is too old, replaced, made up or of another kind', async () => {
    const person = await accounts.addPerson();
    const [replaced, expired] = [await newToken(person), 'e'.repeat(43)];
    await newToken(person);
    await database.sql(
      `INSERT INTO user_tokens (user_id, kind, token_hash, created_at, expires_at)
       VALUES ($1, 'password_reset', $2, now() - interval '2 h', now() - interval '1 s')`,
      [person.id, secretHash(gateway.auth.keys, expired)],
    );
    for (const token of [replaced, expired, 'a'.repeat(43)]) {
      expect((await finish(token)).code).toBe('RESET_INVALID');
    }
    for (const token of ['', 'short', 'a'.repeat(4_000), `${'a'.repeat(42)}\n`]) {
      expect((await finish(token)).status).toBe(422);
    }
    const accept = { token: expired, name: 'Ada', password: NEW_PASSWORD };
    expect((await send('/auth/invitations/accept', accept)).code).toBe('INVITATION_INVALID');
    expect((await login(person.email, PASSWORD)).status).toBe(200);
  });

  it('is not replaced by one that must not be chosen, and the link stays good', async () => {
    const person = await accounts.addPerson();
    const token = await newToken(person);
    for (const bad of ['password', 'short', person.email]) {
      expect((await finish(token, bad)).code).toBe('INPUT_INVALID');
    }
    expect((await finish(token)).status).toBe(204);
  });

  it('makes three mails an hour at most, whoever asks, and few from one address', async () => {
    const person = await accounts.addPerson();
    const answers = await Promise.all(Array.from({ length: 6 }, () => wish(person.email)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect(await mailedTo(person.email)).toHaveLength(3);

    const from = { 'X-Forwarded-For': '2001:db8::beef' };
    const many = await Promise.all(
      Array.from({ length: 25 }, () => wish(`${randomUUID()}@example.org`, from)),
    );
    const limited = many.filter(({ code }) => code === 'TOO_MANY_ATTEMPTS');
    expect(limited).toHaveLength(5);
  });

  it.each(['a@b.example\r\nBcc: c@d.example', 'a@b.example,c@d.example', '<a@b.example>', 'a@b', ''])(
    'takes no address that would be more than one, or none (%j)',
    async (email) => {
      expect((await wish(email)).status).toBe(422);
    },
  );

  it('says so where no mails are sent', async () => {
    const silent = await startTestGateway({ databaseUrl: database.url, redis });
    const response = await postJson(silent, '/auth/password-reset', { email: 'a@example.org' });
    expect([response.status, problemBody(await response.text()).code]).toEqual([409, 'MAIL_OFF']);
    await silent.close();
  });
});

describe('an invitation by mail', () => {
  it('opens an account by its link, which only the invited get', async () => {
    const person = await accounts.addPerson();
    const workspaceId = await accounts.addWorkspace();
    await accounts.join(workspaceId, person, 'Admin');
    const email = `${randomUUID()}@example.org`;
    const by = bearer(await accounts.signIn(person));
    const invited = await send(`/workspaces/${workspaceId}/members`, { email, role: 'Viewer' }, by);
    const answer = invitationSchema.parse(JSON.parse(invited.text));
    expect(answer).toMatchObject({ invitationToken: null, isMailed: true });
    const [token = ''] = await mailedTo(email);
    expect(invited.text).not.toContain(token);
    const accept = { token, name: 'Grace', password: NEW_PASSWORD };
    expect((await send('/auth/invitations/accept', accept)).status).toBe(204);
    expect((await login(email, NEW_PASSWORD)).status).toBe(200);
    expect((await finish(token)).code).toBe('RESET_INVALID');
  });
});

describe('the pages of the links', () => {
  it.each(['new-password', 'invitation'])('%s runs our script alone and repeats nothing', async (page) => {
    const origin = new URL(gateway.url).origin;
    const response = await fetch(`${origin}/account/${page}?token="><script>alert(1)</script>`);
    const html = await response.text();
    expect(html).not.toContain('alert');
    expect(response.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; script-src 'self';/,
    );
    for (const asset of html.matchAll(/(?:src|href)="([^"]+)"/g)) {
      expect((await fetch(origin + String(asset[1]))).status).toBe(200);
    }
  });
});
