import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { sealWebhookSecret, keysOfEncryptionKey } from '@cookie-scanner/auth';
import {
  openDatabase,
  scanRepository,
  webhookOutboundRepository,
  type Database,
} from '@cookie-scanner/database';
import { createTestDatabase, type TestDatabase } from '@cookie-scanner/database/testing';
import { silentLogger } from '@cookie-scanner/observability';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { createPostWebhook } from './post-webhook.ts';
import { answering, openReceiver, type Receiver } from './receiver.test.fixture.ts';
import { startWebhookSender, type WebhookSender } from './webhook-sender.ts';

const KEYS = keysOfEncryptionKey('a secret for tests of more than 32 characters');
const ATTEMPTS_MAX = 3;
let database: TestDatabase;
let pool: Database;
let receiver: Receiver;
let other: Receiver;
let sender: WebhookSender;
let workspaceId: string;
let eventId: string;

const start = (): WebhookSender =>
  startWebhookSender({
    webhooks: webhookOutboundRepository(pool),
    keys: KEYS,
    post: createPostWebhook({ allowPrivateNetworks: true, allowHttp: true, timeoutMs: 60_000 }),
    ...{ attemptsMax: ATTEMPTS_MAX, concurrency: 4, leaseSeconds: 300, pollMs: 50, logger: silentLogger },
  });

beforeAll(async () => {
  database = await createTestDatabase();
  pool = openDatabase({ url: database.url, logger: silentLogger });
  [receiver, other] = [await openReceiver(), await openReceiver()];
  // Prisma loads its engine with the first query, which Jest allows inside of tests and hooks only.
  await webhookOutboundRepository(pool).claimDue({ limit: 1, leaseSeconds: 1, busyEndpointIds: [] });
  sender = start();
});
beforeEach(async () => {
  for (const { calls, script } of [receiver, other]) calls.length = script.length = 0;
  await database.sql('DELETE FROM webhook_endpoints');
  [workspaceId, eventId] = [randomUUID(), randomUUID()];
  await database.sql(`INSERT INTO workspaces (id, name, slug) VALUES ($1, 'Lab', $2)`, [
    ...[workspaceId, workspaceId],
  ]);
});
afterAll(async () => {
  await sender.close(0);
  await Promise.all([receiver.close(), other.close(), pool.close()]);
  await database.drop();
});

const newSecret = (): string => `whsec_${randomBytes(24).toString('base64')}`;

async function addEndpoint({ url }: Receiver, secret = newSecret()) {
  const id = randomUUID();
  await database.sql(
    `INSERT INTO webhook_endpoints (id, workspace_id, url, secret_encrypted, events)
     VALUES ($1, $2, $3, $4, '{scan_finished}')`,
    [id, workspaceId, `${url}/hook`, sealWebhookSecret(KEYS, id, secret)],
  );
  return { id, secret };
}

/** Something happens, and everybody who wants to know is told. */
async function tell(): Promise<number> {
  const { id: scanId } = await scanRepository(pool).create({
    ...{ requestedUrl: 'https://shop.example/', params: {}, workspaceId },
  });
  const payload = { type: 'scan_finished', data: { scanId } };
  return webhookOutboundRepository(pool).fanOut({ eventId, event: 'scan_finished', scanId, payload });
}

interface DeliveryRow {
  readonly state: string;
  readonly attempt: number;
  readonly status: number | null;
  readonly reason: string | null;
}

const deliveries = (endpointId: string) =>
  database.sql<DeliveryRow>(
    `SELECT state::text, attempt, response_status AS status, failure_reason AS reason FROM webhook_deliveries
      WHERE endpoint_id = $1 ORDER BY created_at`,
    [endpointId],
  );

async function until(endpointId: string, state: string, attempt = 1): Promise<DeliveryRow> {
  for (;;) {
    const row = (await deliveries(endpointId)).find(
      (each) => each.state === state && each.attempt >= attempt,
    );
    if (row) return row;
    await delay(20);
  }
}

/** Waits until that many attempts in a row have failed, and been recorded. */
async function untilFailures(endpointId: string, count: number): Promise<DeliveryRow | undefined> {
  for (;;) {
    const [endpoint] = await database.sql<{ count: number }>(
      'SELECT consecutive_failures AS count FROM webhook_endpoints WHERE id = $1',
      [endpointId],
    );
    if (endpoint?.count === count) return (await deliveries(endpointId))[0];
    await delay(20);
  }
}

/** The pause is over. */
async function skipPause(endpointId: string): Promise<void> {
  await database.sql('UPDATE webhook_endpoints SET retry_after = NULL WHERE id = $1', [endpointId]);
  await database.sql(
    `UPDATE webhook_deliveries SET next_attempt_at = now() WHERE endpoint_id = $1 AND next_attempt_at IS NOT NULL`,
    [endpointId],
  );
}

describe('a webhook', () => {
  it('is called once for an event, signed as Standard Webhooks says', async () => {
    const { id, secret } = await addEndpoint(receiver);
    expect([await tell(), await tell()]).toEqual([1, 0]);
    await until(id, 'delivered');
    expect(receiver.calls).toHaveLength(1);
    const [call] = receiver.calls;
    const headers = call?.headers as Record<string, string>;
    expect(headers['webhook-id']).toBe(eventId);
    expect(new Webhook(secret).verify(call?.body ?? '', headers)).toMatchObject({ type: 'scan_finished' });
    expect(() => new Webhook(newSecret()).verify(call?.body ?? '', headers)).toThrow(/signature/i);
    expect(() => new Webhook(secret).verify(`${call?.body} `, headers)).toThrow(/signature/i);
  });

  it('is called again under the same id after a failure, until it takes the event', async () => {
    const { id, secret } = await addEndpoint(receiver);
    receiver.script.push(answering(500), (response) => response.socket?.destroy());
    await tell();
    expect(await untilFailures(id, 1)).toMatchObject({ status: 500, reason: 'the receiver answered 500' });
    await skipPause(id);
    expect(await untilFailures(id, 2)).toMatchObject({
      status: null,
      reason: expect.stringMatching(/ECONNRESET/),
    });
    await skipPause(id);
    expect(await until(id, 'delivered', 3)).toMatchObject({ status: 204, reason: null });
    expect(new Set(receiver.calls.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([eventId]));
    for (const { body, headers } of receiver.calls) {
      new Webhook(secret).verify(body, headers as Record<string, string>);
    }
  });

  it('is signed with the old secret too while it is being changed', async () => {
    const { id, secret } = await addEndpoint(receiver);
    const next = newSecret();
    await database.sql(
      `UPDATE webhook_endpoints SET previous_secret_encrypted = secret_encrypted, secret_encrypted = $2,
              previous_secret_until = now() + interval '1 h' WHERE id = $1`,
      [id, sealWebhookSecret(KEYS, id, next)],
    );
    await tell();
    await until(id, 'delivered');
    const { body = '', headers } = receiver.calls[0] ?? {};
    for (const good of [secret, next]) new Webhook(good).verify(body, headers as Record<string, string>);
    expect(receiver.calls).toHaveLength(1);
  });

  it('that is slow holds up no other one', async () => {
    const slow = await addEndpoint(receiver);
    const quick = await addEndpoint(other);
    let answer = (): void => undefined;
    receiver.script.push((response) => (answer = () => void response.writeHead(200).end()));
    await tell();
    await until(quick.id, 'delivered');
    expect(await deliveries(slow.id)).toMatchObject([{ state: 'pending', attempt: 1 }]);
    answer();
    await until(slow.id, 'delivered');
  });

  it('that says 410 is switched off with a notice to those who run the workspace, and called no more', async () => {
    const { id } = await addEndpoint(receiver);
    const people = await Promise.all(
      ['Admin', 'PI', 'Viewer'].map(async (role) => {
        const [row] = await database.sql<{ id: string }>(
          `INSERT INTO users (email, display_name, state) VALUES ($1, 'Ada', 'active') RETURNING id`,
          [`${randomUUID()}@example.org`],
        );
        await database.sql(
          `INSERT INTO workspace_members (workspace_id, user_id, role) VALUES ($1, $2, $3::user_role)`,
          [workspaceId, row?.id, role],
        );
        return row?.id;
      }),
    );
    receiver.script.push(answering(410));
    await tell();
    await until(id, 'dead');
    eventId = randomUUID();
    expect(await tell()).toBe(0);
    const notices = await database.sql<{ user_id: string }>(
      `SELECT user_id FROM notifications WHERE event = 'webhook_broken' AND workspace_id = $1`,
      [workspaceId],
    );
    expect(notices.map(({ user_id }) => user_id).sort()).toEqual(people.slice(0, 2).sort());
    expect(await database.sql('SELECT state::text FROM webhook_endpoints WHERE id = $1', [id])).toEqual([
      { state: 'broken' },
    ]);
    expect(receiver.calls).toHaveLength(1);
  });

  it('is given up when the last attempt of an event fails and nothing else got through', async () => {
    const { id } = await addEndpoint(receiver);
    receiver.script.push(answering(500), answering(500), answering(302, { Location: other.url }));
    await tell();
    for (const attempt of [1, 2]) {
      await untilFailures(id, attempt);
      await skipPause(id);
    }
    expect(await until(id, 'dead')).toMatchObject({
      attempt: 3,
      status: 302,
      reason: expect.stringMatching(/not followed/),
    });
    expect(await database.sql('SELECT state::text FROM webhook_endpoints WHERE id = $1', [id])).toEqual([
      { state: 'broken' },
    ]);
    expect(other.calls).toEqual([]);
  });

  it('that is down gets nothing for a while, whatever happens', async () => {
    const { id } = await addEndpoint(receiver);
    await database.sql('UPDATE webhook_endpoints SET consecutive_failures = 4 WHERE id = $1', [id]);
    receiver.script.push(answering(503));
    await tell();
    await untilFailures(id, 5);
    const [endpoint] = await database.sql<{ waits: boolean }>(
      `SELECT retry_after > now() + interval '20 s' AS waits FROM webhook_endpoints WHERE id = $1`,
      [id],
    );
    expect(endpoint?.waits).toBe(true);
    eventId = randomUUID();
    await tell();
    // Somebody else's event is sent meanwhile, so the sender has looked.
    const { id: otherId } = await addEndpoint(other);
    eventId = randomUUID();
    await tell();
    await until(otherId, 'delivered');
    expect(receiver.calls).toHaveLength(1);
    await skipPause(id);
    await until(id, 'delivered');
    const [healed] = await database.sql('SELECT consecutive_failures FROM webhook_endpoints WHERE id = $1', [
      id,
    ]);
    expect(healed).toEqual({ consecutive_failures: 0 });
  });

  it('that is paused gets nothing', async () => {
    await addEndpoint(receiver);
    await database.sql(`UPDATE webhook_endpoints SET state = 'paused'`);
    expect(await tell()).toBe(0);
  });

  it('is called by another process when one died on it', async () => {
    const { id } = await addEndpoint(receiver);
    await sender.close(0);
    await tell();
    // A process takes the delivery and is never heard of again.
    const claim = { limit: 1, leaseSeconds: 1, busyEndpointIds: [] };
    const [lost] = await webhookOutboundRepository(pool).claimDue(claim);
    sender = start();
    expect(await until(id, 'delivered')).toMatchObject({ attempt: 2 });
    // What the lost one says later counts no more.
    const gone = { kind: 'gone', status: 410, reason: 'late' } as const;
    if (lost) await webhookOutboundRepository(pool).settle(lost, gone);
    expect(await deliveries(id)).toMatchObject([{ state: 'delivered' }]);
  });

  it('costs no attempt when the process is stopped in the middle of a call', async () => {
    const { id } = await addEndpoint(receiver);
    receiver.script.push(() => undefined);
    await tell();
    await receiver.untilCalls(1);
    await sender.close(0);
    expect(await deliveries(id)).toMatchObject([{ state: 'pending', attempt: 0 }]);
    sender = start();
    expect(await until(id, 'delivered')).toMatchObject({ attempt: 1 });
  });
});
