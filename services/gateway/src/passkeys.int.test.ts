import { randomBytes } from 'node:crypto';
import { passkeyListSchema, passkeyOptionsSchema, tokenSchema } from '@cookie-scanner/contracts';
import { createTestDatabase, type TestDatabase } from '@cookie-scanner/database/testing';
import { testRedis } from '@cookie-scanner/redis/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { problemBody } from './testing/problem-body.ts';
import { softwareAuthenticator, type SoftwareAuthenticator } from './testing/software-authenticator.ts';
import { startTestGateway, type TestGateway } from './testing/start-test-gateway.ts';
import { bearer, testAccounts, type TestPerson } from './testing/test-accounts.ts';

const HERE = { origin: 'https://scanner.example', rpId: 'scanner.example' };
const redis = testRedis();
let database: TestDatabase;
let gateway: TestGateway;
let accounts: ReturnType<typeof testAccounts>;

beforeAll(async () => {
  database = await createTestDatabase();
  gateway = await startTestGateway({ databaseUrl: database.url, redis, publicUrl: HERE.origin });
  accounts = testAccounts(gateway, database);
});
afterAll(async () => {
  await gateway.close();
  await database.drop();
  await redis.cleanup();
});

async function send(method: string, path: string, { by, body }: { by?: string; body?: unknown } = {}) {
  const response = await fetch(gateway.url + path, {
    method,
    headers: { 'Content-Type': 'application/json', ...(by === undefined ? {} : bearer(by)) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const code = response.ok ? null : problemBody(text).code;
  return {
    status: response.status,
    code,
    response,
    body: text === '' ? null : (JSON.parse(text) as unknown),
  };
}

const challengeOf = async (path: string, by?: string): Promise<string> =>
  passkeyOptionsSchema.parse((await send('POST', `${path}/options`, by === undefined ? {} : { by })).body)
    .challenge;
const add = async (key: SoftwareAuthenticator, by: string, ...behaviour: [object?]) =>
  send('POST', '/me/passkeys', {
    by,
    body: { name: 'Phone', credential: key.create(await challengeOf('/me/passkeys', by), ...behaviour) },
  });
const login = (credential: object) => send('POST', '/auth/login/passkey', { body: { credential } });
const stepUp = (credential: object, by: string) =>
  send('POST', '/auth/step-up/passkey', { by, body: { credential } });

async function withPasskey(): Promise<{ person: TestPerson; token: string; key: SoftwareAuthenticator }> {
  const person = await accounts.addPerson();
  const token = await accounts.signIn(person);
  const key = softwareAuthenticator(HERE);
  expect((await add(key, token)).status).toBe(201);
  return { person, token, key };
}

const WRONG = [401, 'CREDENTIALS_WRONG'];
const outcome = ({ status, code }: { status: number; code: string | null }) => [status, code];

describe('a passkey', () => {
  it('signs in without password and second factor, and is good for nothing once it is taken away', async () => {
    const { person, token, key } = await withPasskey();
    await database.sql(`UPDATE users SET mfa_enabled_at = now(), totp_secret_encrypted = $2 WHERE id = $1`, [
      ...[person.id, Buffer.alloc(60)],
    ]);
    const signedIn = await login(
      key.get(await challengeOf('/auth/login/passkey'), { userHandle: person.id }),
    );
    expect(signedIn.response.headers.get('set-cookie')).toMatch(
      /^__Host-rt=.*HttpOnly; SameSite=Strict; Secure/,
    );
    const { accessToken } = tokenSchema.parse(signedIn.body);
    expect((await send('GET', '/me', { by: accessToken })).body).toMatchObject({ user: { id: person.id } });

    const { items } = passkeyListSchema.parse((await send('GET', '/me/passkeys', { by: token })).body);
    expect(items).toMatchObject([{ name: 'Phone', isBackedUp: false, lastUsedAt: expect.any(String) }]);
    const path = `/me/passkeys/${items[0]?.id}`;
    const { token: stranger } = await withPasskey();
    expect((await send('DELETE', path, { by: stranger })).code).toBe('PASSKEY_NOT_FOUND');
    expect((await send('DELETE', path, { by: token })).status).toBe(204);
    expect(outcome(await login(key.get(await challengeOf('/auth/login/passkey'))))).toEqual(WRONG);
    const logs = await database.sql<{ action: string }>(
      `SELECT action FROM audit_logs WHERE target_id = $1 ORDER BY sequence`,
      [items[0]?.id],
    );
    expect(logs.map(({ action }) => action)).toEqual(['passkey.add', 'passkey.remove']);
  });

  it('proves again who somebody is, for what is dangerous', async () => {
    const { person, key } = await withPasskey();
    const [row] = await database.sql<{ id: string }>(
      'SELECT id FROM refresh_sessions WHERE user_id = $1 AND ended_at IS NULL',
      [person.id],
    );
    const cookie = await fetch(`${gateway.url}/auth/login`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ email: person.email, password: 'nine purple lanterns' }),
    });
    const refreshed = await fetch(`${gateway.url}/auth/refresh`, {
      method: 'POST',
      headers: { Cookie: cookie.headers.get('set-cookie')?.split(';')[0] ?? '' },
    });
    // A token of a refresh says nothing of when they last proved who they are.
    const { accessToken: old } = tokenSchema.parse(await refreshed.json());
    expect((await send('POST', '/me/passkeys/options', { by: old })).code).toBe('STEP_UP_REQUIRED');
    const proven = await stepUp(key.get(await challengeOf('/auth/step-up/passkey', old)), old);
    const { accessToken } = tokenSchema.parse(proven.body);
    expect((await send('POST', '/me/passkeys/options', { by: accessToken })).status).toBe(200);
    expect(row?.id).toBeDefined();
  });

  it.each([
    ['the page of another site', { origin: 'https://evil.example' }],
    ['a page below ours', { origin: 'https://x.scanner.example' }],
    ['our host without TLS', { origin: 'http://scanner.example' }],
    ['a key for another host', { rpId: 'evil.example' }],
    ['a key that asked nobody', { isVerified: false }],
    ['the handle of somebody else', { userHandle: '00000000-0000-4000-8000-000000000001' }],
  ])('is refused from %s', async (_what, behaviour) => {
    const { token, key } = await withPasskey();
    expect(outcome(await login(key.get(await challengeOf('/auth/login/passkey'), behaviour)))).toEqual(WRONG);
    if ('userHandle' in behaviour) return;
    expect(outcome(await add(softwareAuthenticator(HERE), token, behaviour))).toEqual(WRONG);
  });

  it('answers a challenge once, also when it is sent many times at once', async () => {
    const { key } = await withPasskey();
    const credential = key.get(await challengeOf('/auth/login/passkey'));
    const all = await Promise.all(Array.from({ length: 10 }, () => login(credential)));
    expect(all.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(outcome(await login(credential))).toEqual(WRONG);
  });

  it('answers no challenge that is made up, changed, or meant for something or somebody else', async () => {
    const { token, key } = await withPasskey();
    const { token: other, key: otherKey } = await withPasskey();
    const challenges = [
      randomBytes(54).toString('base64url'),
      `${(await challengeOf('/auth/login/passkey')).slice(0, -4)}AAAA`,
      await challengeOf('/auth/step-up/passkey', token),
      await challengeOf('/me/passkeys', token),
      '',
    ];
    for (const challenge of challenges) expect(outcome(await login(key.get(challenge)))).toEqual(WRONG);
    const stepUps = [
      key.get(await challengeOf('/auth/login/passkey')),
      key.get(await challengeOf('/auth/step-up/passkey', other)),
      otherKey.get(await challengeOf('/auth/step-up/passkey', token)),
    ];
    for (const credential of stepUps) expect(outcome(await stepUp(credential, token))).toEqual(WRONG);
    const foreign = softwareAuthenticator(HERE).create(await challengeOf('/me/passkeys', other));
    const added = await send('POST', '/me/passkeys', { by: token, body: { name: 'x', credential: foreign } });
    expect(outcome(added)).toEqual(WRONG);
  });

  it('is refused with a wrong signature, as a copy, for a second account, and once its owner is switched off', async () => {
    const { person, key } = await withPasskey();
    const credential = key.get(await challengeOf('/auth/login/passkey'));
    const { signature: wrong } = softwareAuthenticator(HERE).get('x').response;
    const forged = { ...credential, response: { ...credential.response, signature: wrong } };
    expect(outcome(await login(forged))).toEqual(WRONG);
    expect((await login(key.get(await challengeOf('/auth/login/passkey'), { counter: 7 }))).status).toBe(200);
    expect(outcome(await login(key.get(await challengeOf('/auth/login/passkey'), { counter: 7 })))).toEqual(
      WRONG,
    );

    const { token: other } = await withPasskey();
    expect((await add(key, other)).code).toBe('CONFLICT');
    await database.sql(`UPDATE users SET state = 'disabled' WHERE id = $1`, [person.id]);
    expect(outcome(await login(key.get(await challengeOf('/auth/login/passkey'), { counter: 8 })))).toEqual(
      WRONG,
    );
  });

  it.each([
    {},
    { credential: {} },
    { credential: { id: '../x', rawId: 'x', type: 'public-key', response: {} } },
  ])('is no body like %j', async (body) => {
    expect((await send('POST', '/auth/login/passkey', { body })).status).toBe(422);
  });

  it('works on localhost where no address is configured', async () => {
    const local = await startTestGateway({ databaseUrl: database.url, redis });
    const options = await fetch(`${local.url}/auth/login/passkey/options`, { method: 'POST' });
    expect(await options.json()).toMatchObject({ rpId: 'localhost', userVerification: 'required' });
    await local.close();
  });
});
