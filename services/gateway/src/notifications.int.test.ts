import { randomUUID } from 'node:crypto';
import { inboxPageSchema } from '@cookie-scanner/contracts';
import { createTestDatabase, type TestDatabase } from '@cookie-scanner/database/testing';
import { testRedis } from '@cookie-scanner/redis/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { problemBody } from './testing/problem-body.ts';
import { startTestGateway, type TestGateway } from './testing/start-test-gateway.ts';
import { bearer, testAccounts, type TestPerson } from './testing/test-accounts.ts';

const redis = testRedis();
let database: TestDatabase;
let gateway: TestGateway;
let accounts: ReturnType<typeof testAccounts>;
let workspaceId: string;
let ada: TestPerson;
let bob: TestPerson;
let token: string;
let bobsToken: string;

beforeAll(async () => {
  database = await createTestDatabase();
  gateway = await startTestGateway({ databaseUrl: database.url, redis });
  accounts = testAccounts(gateway, database);
  [ada, bob] = [await accounts.addPerson(), await accounts.addPerson()];
  workspaceId = await accounts.addWorkspace();
  await accounts.join(workspaceId, ada, 'Viewer');
  await accounts.join(workspaceId, bob, 'Admin');
  [token, bobsToken] = [await accounts.signIn(ada), await accounts.signIn(bob)];
});
afterAll(async () => {
  await gateway.close();
  await database.drop();
  await redis.cleanup();
});

async function send(
  method: string,
  path: string,
  { by = token, body }: { by?: string; body?: unknown } = {},
) {
  const response = await fetch(gateway.url + path, {
    method,
    headers: { 'Content-Type': 'application/json', ...bearer(by) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const code = response.ok ? null : problemBody(text).code;
  return { status: response.status, code, body: text === '' ? null : (JSON.parse(text) as unknown) };
}

async function tell({ id }: TestPerson, subject: string, place = workspaceId): Promise<void> {
  await database.sql(
    `INSERT INTO notifications (event_id, event, channel, recipient, subject, body, state, sent_at, workspace_id, user_id)
     VALUES ($1, 'scan_finished', 'in_app', $2, $3, 'text', 'sent', now(), $4, $5)`,
    [randomUUID(), id, subject, place, id],
  );
}

const inbox = async (query = '', by = token) =>
  inboxPageSchema.parse((await send('GET', `/notifications${query}`, { by })).body);

describe('notices', () => {
  it('are shown to whom they are for, the newest first, and marked as read one by one or all at once', async () => {
    const elsewhere = await accounts.addWorkspace();
    for (const subject of ['one', 'two', 'three']) await tell(ada, subject);
    await tell(bob, 'for Bob');
    await tell(ada, 'elsewhere', elsewhere);
    const first = await inbox('?limit=2');
    expect([first.items.map(({ subject }) => subject), first.unreadCount]).toEqual([['three', 'two'], 3]);
    const rest = await inbox(`?limit=2&cursor=${first.nextCursor}`);
    expect([rest.items.map(({ subject }) => subject), rest.nextCursor]).toEqual([['one'], null]);

    const read = `/notifications/${first.items[0]?.id}/read`;
    expect([(await send('POST', read)).status, (await send('POST', read)).status]).toEqual([204, 204]);
    const unread = await inbox('?unread=true');
    expect([unread.items.map(({ subject }) => subject), unread.unreadCount]).toEqual([['two', 'one'], 2]);
    expect((await send('POST', read, { by: bobsToken })).code).toBe('NOTIFICATION_NOT_FOUND');
    expect((await send('POST', '/notifications/nonsense/read')).code).toBe('NOTIFICATION_NOT_FOUND');

    expect((await send('POST', '/notifications/read')).status).toBe(204);
    expect((await inbox()).unreadCount).toBe(0);
    expect((await inbox('', bobsToken)).unreadCount).toBe(1);
  });

  it.each(['?unread=maybe', '?limit=0', '?cursor=nonsense', '?sort=id', '?unread=true&unread=false'])(
    'are not listed by %s',
    async (query) => {
      expect((await send('GET', `/notifications${query}`)).status).toBe(422);
    },
  );
});

describe('preferences', () => {
  const PATH = '/me/notification-preferences';

  it('begin with the defaults, are replaced as a whole, and recorded', async () => {
    const byDefault = { choices: { scan_finished: { channels: ['in_app'] } } };
    expect((await send('GET', PATH)).body).toEqual(byDefault);
    for (const channels of [['in_app', 'email'], ['email'], []]) {
      const wanted = { choices: { scan_finished: { channels } } };
      expect((await send('PUT', PATH, { body: wanted })).body).toEqual(wanted);
      expect((await send('GET', PATH)).body).toEqual(wanted);
    }
    expect((await send('PUT', PATH, { body: { choices: {} } })).body).toEqual(byDefault);
    expect((await send('GET', PATH, { by: bobsToken })).body).toEqual(byDefault);
    const logs = await database.sql(
      `SELECT FROM audit_logs WHERE action = 'user.choose_notifications' AND actor_id = $1`,
      [ada.id],
    );
    expect(logs).toHaveLength(4);
  });

  it.each([
    {},
    { choices: { everything: { channels: [] } } },
    { choices: { scan_finished: { channels: ['pigeon'] } } },
    { choices: { scan_finished: { channels: ['email', 'email'] } } },
    { choices: { scan_finished: { channels: ['email'], frequency: 'daily' } } },
    { choices: {}, userId: randomUUID() },
  ])('are not %j', async (body) => {
    expect((await send('PUT', PATH, { body })).status).toBe(422);
  });
});
