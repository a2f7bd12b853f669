import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { scanResultSchema } from '@cookie-scanner/contracts';
import { createTestDatabase, type TestDatabase } from '@cookie-scanner/database/testing';
import { testRedis } from '@cookie-scanner/redis/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { problemBody } from './testing/problem-body.ts';
import { startTestGateway, type TestGateway } from './testing/start-test-gateway.ts';
import { postJson, testAccounts } from './testing/test-accounts.ts';

/** Nothing listens on port 1. */
const NO_REDIS = { url: 'redis://127.0.0.1:1', prefix: 'test' };

const submit = (gateway: TestGateway) =>
  gateway.fetch(`/scans`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: '{"url":"https://shop.example/"}',
  });

describe('while Redis is away', () => {
  let database: TestDatabase;
  let gateway: TestGateway;
  beforeAll(async () => {
    database = await createTestDatabase();
    gateway = await startTestGateway({ databaseUrl: database.url, redis: NO_REDIS });
  });
  afterAll(async () => {
    await gateway.close();
    await database.drop();
  });

  it('scans are accepted, kept in the outbox, and shown', async () => {
    const response = await submit(gateway);
    expect(response.status).toBe(202);
    const { id } = scanResultSchema.parse(await response.json());
    expect(
      await database.sql('SELECT 1 FROM outbox_events WHERE payload @> $1', [{ scanId: id }]),
    ).toHaveLength(1);
    expect((await gateway.fetch(`/scans/${id}`)).status).toBe(200);
    expect((await gateway.fetch(`/scans/${id}/cookies`)).status).toBe(200);
  });

  it('people sign in, and wrong passwords are slowed down all the same', async () => {
    const accounts = testAccounts(gateway, database);
    const person = await accounts.addPerson();
    expect(await accounts.signIn(person)).toMatch(/^ey/);
    const codes: string[] = [];
    while (codes.at(-1) !== 'TOO_MANY_ATTEMPTS' && codes.length < 30) {
      const answer = await postJson(gateway, '/auth/login', { email: person.email, password: 'wrong' });
      codes.push(problemBody(await answer.text()).code);
    }
    expect(codes.at(-1)).toBe('TOO_MANY_ATTEMPTS');
  });

  it('each gateway allows a tenth of the requests, by its own count', async () => {
    const rateLimitPerMinute = 50;
    const strict = await startTestGateway({
      databaseUrl: database.url,
      redis: NO_REDIS,
      rateLimitPerMinute,
      apiKey: gateway.apiKey,
    });
    const answers: [number, string | null][] = [];
    for (let count = 0; count < 6; count += 1) {
      const answer = await strict.fetch('/profiles');
      await answer.arrayBuffer();
      answers.push([answer.status, answer.headers.get('retry-after')]);
    }
    await strict.close();
    expect(answers.map(([status]) => status)).toEqual([200, 200, 200, 200, 200, 429]);
    expect(Number(answers.at(-1)?.[1])).toBeGreaterThan(0);
  });

  it('readiness says so, but stays ready because scans can be taken', async () => {
    const response = await fetch(`http://127.0.0.1:${gateway.port}/health/ready`);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      ok: true,
      checks: {
        database: { ok: true },
        artifacts: { ok: true },
        redis: { ok: false, detail: expect.any(String) },
      },
    });
  });

  it('Bull Board answers 503 instead of waiting, and its page still comes', async () => {
    const base = `http://127.0.0.1:${gateway.port}/admin/queues`;
    const accounts = testAccounts(gateway, database);
    const token = await accounts.signIn(await accounts.addPerson(['Admin']));
    const headers = { Cookie: `board=${token}` };
    const response = await fetch(`${base}/api/queues`, { headers });
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('5');
    expect(problemBody(await response.text()).code).toBe('REDIS_UNAVAILABLE');
    expect((await fetch(`${base}/`, { headers })).status).toBe(200);
  });
});

describe('while PostgreSQL is away', () => {
  const redis = testRedis();
  let silent: Server;
  const gateways: TestGateway[] = [];
  const urls: Record<string, string> = { 'refuses connections': 'postgresql://u:canary@127.0.0.1:1/x' };

  beforeAll(async () => {
    // Accepts connections and never says a word, as a firewall that swallows packets does.
    silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    urls['never answers'] = `postgresql://u:canary@127.0.0.1:${(silent.address() as AddressInfo).port}/x`;
  });
  afterAll(async () => {
    for (const gateway of gateways) await gateway.close();
    silent.close();
    await redis.cleanup();
  });

  it.each(['refuses connections', 'never answers'])(
    'and %s: every route answers 503 with Retry-After',
    async (how) => {
      const gateway = await startTestGateway({
        databaseUrl: urls[how] ?? '',
        isDatabaseAway: true,
        redis,
      });
      gateways.push(gateway);
      const scan = `/scans/${randomUUID()}`;
      const answers = await Promise.all([
        submit(gateway),
        ...['', '/cookies', '/events', '/observation', '/reports/html'].map((path) =>
          gateway.fetch(scan + path),
        ),
      ]);
      for (const answer of answers) {
        const text = await answer.text();
        expect(text).not.toContain('canary');
        expect([answer.status, problemBody(text).code]).toEqual([503, 'DATABASE_UNAVAILABLE']);
        expect(answer.headers.get('retry-after')).toBe('5');
      }
      const ready = await fetch(`http://127.0.0.1:${gateway.port}/health/ready`);
      expect(ready.status).toBe(503);
      expect((await fetch(`http://127.0.0.1:${gateway.port}/health/live`)).status).toBe(200);
      expect((await gateway.fetch(`/openapi.json`)).status).toBe(200);
    },
  );

  it('and comes back: the gateway heals by itself', async () => {
    const database = await createTestDatabase();
    const gateway = await startTestGateway({ databaseUrl: database.url, redis });
    expect((await submit(gateway)).status).toBe(202);
    await database.sql(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    );
    const statuses: number[] = [];
    while (statuses.at(-1) !== 202) {
      const answer = await submit(gateway);
      statuses.push(answer.status);
      if (answer.status !== 202) expect(problemBody(await answer.text()).code).toBe('DATABASE_UNAVAILABLE');
    }
    await gateway.close();
    await database.drop();
  });
});
