import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { liveTicketSchema } from '@cookie-scanner/contracts';
import { createTestDatabase, type TestDatabase } from '@cookie-scanner/database/testing';
import { silentLogger } from '@cookie-scanner/observability';
import { openRedis, presence } from '@cookie-scanner/redis';
import { startTestRedisServer, testRedis } from '@cookie-scanner/redis/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { livePlaceSchema } from './live/live-server.ts';
import { LiveClients, cursorAt, type LiveClient } from './testing/live-clients.ts';
import { expectProblem } from './testing/problem-body.ts';
import { startTestGateway, type TestGateway } from './testing/start-test-gateway.ts';
import { bearer, testAccounts, type TestPerson } from './testing/test-accounts.ts';

const redis = testRedis();
let database: TestDatabase;
let gateway: TestGateway;
let other: TestGateway;
let accounts: ReturnType<typeof testAccounts>;
let workspaceId: string;
const clients = new LiveClients();

const live = { timing: { tickMs: 50, checkMs: 300 }, lifetimeSeconds: 3 };
beforeAll(async () => {
  database = await createTestDatabase();
  gateway = await startTestGateway({
    ...{ databaseUrl: database.url, redis, live, corsOrigins: ['https://dashboard.example'] },
  });
  other = await startTestGateway({
    ...{ databaseUrl: database.url, redis, apiKey: gateway.apiKey },
    live: { ...live, limits: { perPersonMax: 3, perWorkspaceMax: 5 } },
  });
  accounts = testAccounts(gateway, database);
  workspaceId = await accounts.addWorkspace();
});
afterEach(() => clients.closeAll());
afterAll(async () => {
  await Promise.all([gateway.close(), other.close()]);
  await database.drop();
  await redis.cleanup();
});

async function newMember(place = workspaceId): Promise<TestPerson & { token: string }> {
  const person = await accounts.addPerson();
  await accounts.join(place, person, 'Viewer');
  return { ...person, token: await accounts.signIn(person) };
}

const askTicket = (token: string, place = workspaceId) =>
  fetch(`${gateway.url}/workspaces/${place}/live-tickets`, { method: 'POST', headers: bearer(token) });

async function ticketFor(token: string, place = workspaceId): Promise<string> {
  const response = await askTicket(token, place);
  expect(response.status).toBe(201);
  return liveTicketSchema.parse(await response.json()).ticket;
}

async function joined({ token }: { token: string }, at = gateway, place = workspaceId): Promise<LiveClient> {
  const client = clients.connect(at, ['cookie-scanner', await ticketFor(token, place)]);
  await client.until((members) => members.length > 0);
  return client;
}

describe('a workspace, live', () => {
  it('shows its people to each other with where they are, over several gateways', async () => {
    const [ada, bob] = [await newMember(), await newMember()];
    const [one, two] = [await joined(ada), await joined(bob, other)];
    for (const client of [one, two]) await client.until((members) => members.length === 2);
    one.socket.send(cursorAt('/scans'));
    const seen = await two.until((members) => members.some(({ cursor }) => cursor?.path === '/scans'));
    expect(seen.find(({ userId }) => userId === ada.id)).toEqual({
      ...{ userId: ada.id, connectionId: one.connectionId() },
      cursor: { path: '/scans', x: 0.25, y: 0.5 },
    });
    one.socket.close();
    await two.until((members) => members.every(({ userId }) => userId !== ada.id));
  });

  it('hears what is said before the welcome', async () => {
    const watcher = await joined(await newMember());
    const eager = clients.connect(gateway, ['cookie-scanner', await ticketFor((await newMember()).token)]);
    eager.socket.once('open', () => eager.socket.send(cursorAt('/eager')));
    await watcher.until((members) => members.some(({ cursor }) => cursor?.path === '/eager'));
  });

  it('forgets the people of a gateway that died, and nobody else', async () => {
    const person = await newMember();
    const client = await joined(person);
    const [connectionId, userId] = [randomUUID(), randomUUID()];
    // What a gateway leaves behind that says once where somebody is, and is never heard of again.
    const owner = openRedis({ ...redis, lifetimesSeconds: { presence: 1 }, logger: silentLogger });
    await presence(owner, livePlaceSchema).heartbeat(workspaceId, { connectionId, userId, cursor: null });
    await owner.close();
    await client.until((members) => members.some((each) => each.connectionId === connectionId));
    const left = await client.until((members) => members.every((each) => each.connectionId !== connectionId));
    expect(left.map((each) => each.userId)).toEqual([person.id]);
  });

  it('sends everybody elsewhere when a gateway stops, and shows them no more', async () => {
    const leaving = await startTestGateway({
      databaseUrl: database.url,
      redis,
      live,
      apiKey: gateway.apiKey,
    });
    const watcher = await joined(await newMember());
    const client = await joined(await newMember(), leaving);
    await watcher.until((members) => members.length === 2);
    await leaving.close();
    expect(await client.closed).toBe(1001);
    await watcher.until((members) => members.length === 1);
  });
});

describe('a live connection', () => {
  it('opens with a good ticket, once, and to our own pages', async () => {
    const person = await newMember();
    const ticket = await ticketFor(person.token);
    await clients.connect(gateway, ['cookie-scanner', ticket]).welcomed;
    for (const protocols of [
      [],
      ['cookie-scanner'],
      ['cookie-scanner', ticket],
      ['cookie-scanner', 'a'.repeat(43)],
    ]) {
      expect([protocols.length, await clients.connect(gateway, protocols).closed]).toEqual([
        protocols.length,
        4401,
      ]);
    }
    for (const origin of ['https://evil.example', 'null', 'http://localhost.evil.example']) {
      const protocols = ['cookie-scanner', await ticketFor(person.token)];
      expect([origin, await clients.connect(gateway, protocols, { origin }).closed]).toEqual([origin, 4403]);
    }
    for (const origin of ['http://localhost:8001', 'https://dashboard.example']) {
      const protocols = ['cookie-scanner', await ticketFor(person.token)];
      await clients.connect(gateway, protocols, { origin }).welcomed;
    }
    const host = { Host: 'rebound.example' };
    const rebound = ['cookie-scanner', await ticketFor(person.token)];
    expect(await clients.connect(gateway, rebound, { headers: host }).closed).toBe(4403);
  });

  it('is not for other workspaces, nor for API keys', async () => {
    const { token } = await newMember();
    expect((await askTicket(token, await accounts.addWorkspace())).status).toBe(404);
    expect((await askTicket(gateway.apiKey, '00000000-0000-4000-8000-000000000001')).status).toBe(403);
  });

  it.each([
    ['who is removed', 'DELETE FROM workspace_members WHERE user_id = $1'],
    ['whose role changes', `UPDATE workspace_members SET role = 'Admin' WHERE user_id = $1`],
    [
      'who signs out',
      `UPDATE refresh_sessions SET ended_at = now(), end_reason = 'logout' WHERE user_id = $1`,
    ],
    ['who is switched off', `UPDATE users SET state = 'disabled' WHERE id = $1`],
  ])('ends for somebody %s, on every gateway, and a ticket they still had is void', async (_what, change) => {
    const person = await newMember();
    const ticket = await ticketFor(person.token);
    const both = [await joined(person), await joined(person, other)];
    await database.sql(change, [person.id]);
    expect(await Promise.all(both.map(({ closed }) => closed))).toEqual([4403, 4403]);
    expect(await clients.connect(gateway, ['cookie-scanner', ticket]).closed).toBe(4403);
  });

  it.each<[string, number, (socket: WebSocket) => void]>([
    ['text that is no JSON', 1008, (socket) => socket.send('hello')],
    ['bytes', 1008, (socket) => socket.send(Buffer.from(cursorAt('/')))],
    [
      'a wish to be elsewhere',
      1008,
      (socket) => socket.send(`{"type":"join","workspaceId":"${randomUUID()}"}`),
    ],
    [
      'a message as somebody else',
      1008,
      (socket) => socket.send(`{"type":"cursor","cursor":null,"userId":"${randomUUID()}"}`),
    ],
    ['markup', 1008, (socket) => socket.send(cursorAt('/<script>'))],
    ['a megabyte', 1009, (socket) => socket.send('x'.repeat(1_000_000))],
    [
      'a thousand messages at once',
      1008,
      (socket) => {
        for (let index = 0; index < 1_000; index += 1) socket.send(cursorAt(`/${index}`));
      },
    ],
  ])('ends on %s', async (_what, code, send) => {
    const client = await joined(await newMember());
    send(client.socket);
    expect(await client.closed).toBe(code);
  });

  it('is one of a few of a person and of a workspace, also when many ask at the same moment', async () => {
    const place = await accounts.addWorkspace();
    const people = [await newMember(place), await newMember(place)];
    const outcomes: (number | 'welcome')[] = [];
    for (const { token } of people) {
      const tickets = await Promise.all(Array.from({ length: 6 }, () => ticketFor(token, place)));
      const attempts = tickets.map((ticket) => clients.connect(other, ['cookie-scanner', ticket]));
      const welcome = (client: LiveClient) => client.welcomed.then(() => 'welcome' as const);
      outcomes.push(
        ...(await Promise.all(attempts.map((client) => Promise.race([client.closed, welcome(client)])))),
      );
    }
    // Three windows of the first, and room for two more.
    expect(outcomes.filter((outcome) => outcome === 'welcome')).toHaveLength(5);
    expect(outcomes.filter((outcome) => outcome === 4429)).toHaveLength(7);
  });

  it('is asked for at its own path alone', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${gateway.port}/api/v1/scans`);
    const [error] = (await once(socket, 'error')) as [Error];
    expect(error.message).toMatch(/401/);
  });
});

it('without Redis, live connections end with a code that says to come back, and the gateway stays', async () => {
  const server = await startTestRedisServer();
  const at = await startTestGateway({
    ...{ databaseUrl: database.url, redis: { url: server.url, prefix: 'live' }, apiKey: gateway.apiKey },
    live: { ...live, timing: { ...live.timing, awayMaxMs: 200 } },
  });
  const { token } = await newMember();
  const ask = () =>
    fetch(`${at.url}/workspaces/${workspaceId}/live-tickets`, { method: 'POST', headers: bearer(token) });
  const ticket = async () => liveTicketSchema.parse(await (await ask()).json()).ticket;
  const [client, late] = [clients.connect(at, ['cookie-scanner', await ticket()]), await ticket()];
  await client.welcomed;
  await server.kill();
  expect(await client.closed).toBe(1013);
  expect(await clients.connect(at, ['cookie-scanner', late]).closed).toBe(1013);
  const refused = await ask();
  expect([refused.status, Number(refused.headers.get('retry-after'))]).toEqual([503, expect.any(Number)]);
  expect(
    expectProblem({ status: 503, headers: Object.fromEntries(refused.headers), body: await refused.text() })
      .code,
  ).toBe('REDIS_UNAVAILABLE');
  expect((await at.fetch('/scans')).status).toBe(200);
  await at.close();
  await server.close();
});
