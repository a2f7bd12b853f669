import { randomUUID } from 'node:crypto';
import { openWebhookSecret } from '@cookie-scanner/auth';
import {
  webhookCreatedSchema,
  webhookDeliveryPageSchema,
  webhookPageSchema,
  type Webhook,
} from '@cookie-scanner/contracts';
import { createTestDatabase, type TestDatabase } from '@cookie-scanner/database/testing';
import { testRedis } from '@cookie-scanner/redis/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { problemBody } from './testing/problem-body.ts';
import { startTestGateway, type TestGateway } from './testing/start-test-gateway.ts';
import { bearer, testAccounts } from './testing/test-accounts.ts';

const WANTED = { url: 'https://hook.example/path', events: ['scan_finished'] };
const redis = testRedis();
let database: TestDatabase;
let gateway: TestGateway;
let workspaceId: string;
let token: string;
let foreign: string;

beforeAll(async () => {
  database = await createTestDatabase();
  gateway = await startTestGateway({ databaseUrl: database.url, redis });
  const accounts = testAccounts(gateway, database);
  const [person, stranger] = [await accounts.addPerson(), await accounts.addPerson()];
  workspaceId = await accounts.addWorkspace();
  await accounts.join(workspaceId, person, 'PI');
  await accounts.join(await accounts.addWorkspace(), stranger, 'Admin');
  [token, foreign] = [await accounts.signIn(person), await accounts.signIn(stranger)];
});
afterAll(async () => {
  await gateway.close();
  await database.drop();
  await redis.cleanup();
});

async function send(method: string, path: string, body?: unknown, by = token) {
  const response = await fetch(gateway.url + path, {
    method,
    headers: { 'Content-Type': 'application/json', 'If-Match': '*', ...bearer(by) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const code = response.ok ? null : problemBody(text).code;
  return { status: response.status, code, text, body: text === '' ? null : (JSON.parse(text) as unknown) };
}

async function create(wanted: object = WANTED): Promise<Webhook & { secret: string }> {
  return webhookCreatedSchema.parse((await send('POST', '/webhooks', wanted)).body);
}

async function secretsOf(id: string): Promise<(string | null)[]> {
  const [row] = await database.sql<{ now: Buffer; before: Buffer | null }>(
    `SELECT secret_encrypted AS now, previous_secret_encrypted AS before FROM webhook_endpoints WHERE id = $1`,
    [id],
  );
  return [row?.now, row?.before]
    .map((sealed) => sealed && openWebhookSecret(gateway.auth.keys, id, sealed))
    .map((secret) => secret ?? null);
}

describe('a webhook', () => {
  it('shows its secret once, is changed, paused and deleted, and all of it is recorded', async () => {
    const { secret, ...webhook } = await create({ ...WANTED, description: 'For tests' });
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(await secretsOf(webhook.id)).toEqual([secret, null]);
    const path = `/webhooks/${webhook.id}`;
    for (const { text } of [await send('GET', path), await send('GET', '/webhooks')]) {
      expect(text).not.toMatch(/secret|whsec/);
    }
    expect(webhookPageSchema.parse((await send('GET', '/webhooks?limit=200')).body).items).toContainEqual(
      webhook,
    );
    expect(
      (await send('PATCH', path, { state: 'paused', url: 'https://other.example/' })).body,
    ).toMatchObject({
      ...{ state: 'paused', url: 'https://other.example/', events: ['scan_finished'] },
    });
    expect((await send('DELETE', path)).status).toBe(204);
    expect((await send('GET', path)).code).toBe('WEBHOOK_NOT_FOUND');
    const logs = await database.sql<{ action: string; after: object | null }>(
      `SELECT action, after FROM audit_logs WHERE target_id = $1 ORDER BY sequence`,
      [webhook.id],
    );
    expect(logs.map(({ action }) => action)).toEqual(['webhook.create', 'webhook.update', 'webhook.delete']);
    expect(JSON.stringify(logs)).not.toMatch(/whsec|secret/);
  });

  it('gets a new secret, beside which the old one goes on for a day', async () => {
    const given = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
    const { id, secret } = await create({ ...WANTED, secret: given });
    expect(secret).toBe(given);
    const changed = webhookCreatedSchema.parse((await send('POST', `/webhooks/${id}/secret`)).body);
    expect(changed.secret).not.toBe(given);
    expect(await secretsOf(id)).toEqual([changed.secret, given]);
  });

  it.each([
    'http://hook.example/',
    'https://127.0.0.1/',
    'https://localhost/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://2130706433/',
    'https://0x7f000001/',
    'https://10.0.0.1/',
    'https://169.254.169.254/latest/meta-data',
    'https://metadata.google.internal/',
    'https://intranet/',
    'https://hook.example:6379/',
    'https://user:pass@hook.example/',
    'javascript:alert(1)',
    'file:///etc/passwd',
    'not a url',
    '',
  ])('does not lead to %s, not by a change either', async (url) => {
    expect([url, (await send('POST', '/webhooks', { ...WANTED, url })).status]).toEqual([url, 422]);
    const { id } = await create();
    expect([url, (await send('PATCH', `/webhooks/${id}`, { url })).status]).toEqual([url, 422]);
    await send('DELETE', `/webhooks/${id}`);
  });

  it.each([
    { ...WANTED, secret: 'whsec_c2hvcnQ=' },
    { ...WANTED, secret: 'password' },
    { ...WANTED, events: [] },
    { ...WANTED, events: ['everything'] },
    { ...WANTED, events: ['scan_finished', 'scan_finished'] },
    { ...WANTED, workspaceId: '00000000-0000-4000-8000-000000000001' },
    { ...WANTED, state: 'broken' },
    { url: WANTED.url },
  ])('is not made of %j', async (wanted) => {
    expect((await send('POST', '/webhooks', wanted)).status).toBe(422);
  });

  it('of another workspace is not there', async () => {
    const { id } = await create();
    const nowhere = [404, 'WEBHOOK_NOT_FOUND'];
    for (const [method, path, body] of [
      ['GET', `/webhooks/${id}`],
      ['PATCH', `/webhooks/${id}`, { description: 'mine' }],
      ['DELETE', `/webhooks/${id}`],
      ['POST', `/webhooks/${id}/secret`],
      ['GET', `/webhooks/${id}/deliveries`],
      ['POST', `/webhooks/${id}/deliveries/${randomUUID()}/redeliver`],
    ] as const) {
      const { status, code } = await send(method, path, body, foreign);
      expect([method, path, status, code]).toEqual([method, path, ...nowhere]);
    }
    expect(webhookPageSchema.parse((await send('GET', '/webhooks', undefined, foreign)).body).items).toEqual(
      [],
    );
  });

  it('is one of fifty at most, however many are made at once', async () => {
    const all = await Promise.all(
      Array.from({ length: 60 }, () => send('POST', '/webhooks', WANTED, foreign)),
    );
    expect(all.filter(({ status }) => status === 201)).toHaveLength(50);
    expect(all.filter(({ status, code }) => status === 409 && code === 'CONFLICT')).toHaveLength(10);
  });
});

describe('the log of deliveries', () => {
  it('says what became of each, page by page, and sends one that has ended once more', async () => {
    const { id } = await create();
    for (const at of [3, 2, 1]) {
      await database.sql(
        `INSERT INTO webhook_deliveries
           (endpoint_id, event_id, event, payload, state, attempt, next_attempt_at, failure_reason, response_status, created_at)
         VALUES ($1, gen_random_uuid(), 'scan_finished', '{}', 'dead', 8, NULL, 'the receiver answered 500', 500,
                 now() - make_interval(hours => $2))`,
        [id, at],
      );
    }
    const path = `/webhooks/${id}/deliveries`;
    const first = webhookDeliveryPageSchema.parse((await send('GET', `${path}?limit=2`)).body);
    const rest = webhookDeliveryPageSchema.parse(
      (await send('GET', `${path}?limit=2&cursor=${first.nextCursor}`)).body,
    );
    expect([first.items.length, rest.items.length, rest.nextCursor]).toEqual([2, 1, null]);
    const [newest] = first.items;
    expect(newest).toMatchObject({ state: 'dead', attempt: 8, httpStatus: 500 });

    const again = `${path}/${newest?.id}/redeliver`;
    const both = await Promise.all([send('POST', again), send('POST', again)]);
    expect(both.map(({ status }) => status).sort()).toEqual([202, 409]);
    const [row] = await database.sql(
      `SELECT state::text, attempt, event_id FROM webhook_deliveries WHERE id = $1 AND next_attempt_at <= now()`,
      [newest?.id],
    );
    expect(row).toEqual({ state: 'pending', attempt: 0, event_id: newest?.eventId });
    await database.sql(`UPDATE webhook_endpoints SET state = 'broken', broken_at = now() WHERE id = $1`, [
      id,
    ]);
    expect((await send('POST', `${path}/${rest.items[0]?.id}/redeliver`)).code).toBe('CONFLICT');
    expect((await send('PATCH', `/webhooks/${id}`, { state: 'active' })).body).toMatchObject({
      state: 'active',
    });
    expect((await send('POST', `${path}/${rest.items[0]?.id}/redeliver`)).status).toBe(202);
  });
});
