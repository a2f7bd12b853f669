import { randomUUID } from 'node:crypto';
import { scanSiteQueue } from '@cookie-scanner/contracts';
import { createTestDatabase, type TestDatabase } from '@cookie-scanner/database/testing';
import { silentLogger } from '@cookie-scanner/observability';
import { createProducer } from '@cookie-scanner/queues';
import { openRedis } from '@cookie-scanner/redis';
import { testRedis } from '@cookie-scanner/redis/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { expectProblem } from './testing/problem-body.ts';
import { sendRaw } from './testing/raw-http.ts';
import { startTestGateway, type TestGateway } from './testing/start-test-gateway.ts';
import { bearer, testAccounts, type TestPerson } from './testing/test-accounts.ts';

const redis = testRedis();
let database: TestDatabase;
let gateway: TestGateway;
let accounts: ReturnType<typeof testAccounts>;
let admin: TestPerson;
let cookie: string;

beforeAll(async () => {
  database = await createTestDatabase();
  gateway = await startTestGateway({
    databaseUrl: database.url,
    redis,
    publicUrl: 'https://scanner.example',
  });
  accounts = testAccounts(gateway, database);
  admin = await accounts.addPerson(['Admin']);
  cookie = await open(await accounts.signIn(admin));
});
afterAll(async () => {
  await gateway.close();
  await database.drop();
  await redis.cleanup();
});

/** The cookie that a fresh login gets for Bull Board. */
async function open(token: string): Promise<string> {
  const response = await fetch(`${gateway.url}/auth/queues-session`, {
    method: 'POST',
    headers: bearer(token),
  });
  expect(response.status).toBe(204);
  return response.headers.get('set-cookie') ?? '';
}

const board = (path = '', headers: Record<string, string> = { Cookie: cookie }, method = 'GET') =>
  sendRaw(gateway, { path: `/admin/queues${path}`, headers, method });

describe('Bull Board', () => {
  it('is opened by a login of an Admin, by a cookie that no other site and no script can use', async () => {
    expect(cookie).toMatch(/^__Host-board=[^;]+; Max-Age=600; Path=\/; HttpOnly; SameSite=Strict; Secure$/);
    const page = await board('/');
    expect(page.status).toBe(200);
    const policy = page.headers['content-security-policy'] ?? '';
    expect(policy).toContain("script-src 'self';");
    expect(policy).not.toMatch(/https?:|\*|script-src[^;]*unsafe/);
    expect(page.headers['x-powered-by']).toBeUndefined();
    const base = /<base href="([^"]+)"/.exec(page.body)?.[1];
    const files = [...page.body.matchAll(/(?:src|href)="(static\/[^"]+)"/g)].map(([, file]) => file);
    expect(files.length).toBeGreaterThan(2);
    for (const file of files) {
      expect((await sendRaw(gateway, { path: `${base}${file}`, headers: { Cookie: cookie } })).status).toBe(
        200,
      );
    }
    const logs = await database.sql(`SELECT FROM audit_logs WHERE action = 'queues.open' AND actor_id = $1`, [
      admin.id,
    ]);
    expect(logs).toHaveLength(1);
  });

  it('lists every queue with its jobs, whose payloads are ids only', async () => {
    const owner = openRedis({ ...redis, logger: silentLogger });
    const location = { connection: owner.connection('failFast'), prefix: redis.prefix };
    const producer = createProducer(scanSiteQueue, location);
    const scanId = randomUUID();
    await producer.enqueue({ scanId, offer: 0 });
    await producer.close();
    await owner.close();
    const answer = await board('/api/queues?activeQueue=scan-site&status=prioritized&page=1&jobsPerPage=10');
    expect(answer.status).toBe(200);
    for (const name of [
      'scan-site',
      'analyse-scan',
      'build-report',
      'send-notification',
      'send-account-mail',
      'send-account-notice',
      scanId,
    ]) {
      expect(answer.body).toContain(name);
    }
  });

  it('asks strangers to sign in, and answers scripts with a problem', async () => {
    for (const headers of [{}, { Cookie: '__Host-board=a.b.c' }, { Cookie: `${cookie}; ${cookie}` }]) {
      const page = await board('/', { ...headers, Accept: 'text/html' });
      expect([page.status, page.headers['location']]).toEqual([303, '/account/queues']);
      expect((await board('/api/queues', { ...headers, Accept: 'text/html' })).status).toBe(401);
    }
    const login = await sendRaw(gateway, { path: '/account/queues' });
    expect([login.status, login.headers['content-security-policy']]).toEqual([
      200,
      expect.stringMatching(/^default-src 'none'; script-src 'self';/),
    ]);
  });

  it('is closed to everybody else, to API keys, and to a bearer token', async () => {
    for (const role of ['PI', 'Researcher', 'Analyst', 'Viewer'] as const) {
      const token = await accounts.signIn(await accounts.addPerson([role]));
      const answer = await board('/api/queues', { Cookie: `__Host-board=${token}` });
      expect([role, answer.status, expectProblem(answer).code]).toEqual([role, 403, 'PERMISSION_DENIED']);
      const response = await fetch(`${gateway.url}/auth/queues-session`, {
        method: 'POST',
        headers: bearer(token),
      });
      expect([role, response.status]).toEqual([role, 403]);
    }
    const key = await board('/api/queues', { Cookie: `__Host-board=${gateway.apiKey}` });
    expect(expectProblem(key).code).toBe('PERMISSION_DENIED');
    expect((await board('/api/queues', bearer(await accounts.signIn(admin)))).status).toBe(401);
    // And its cookie opens nothing else.
    expect((await fetch(`${gateway.url}/me`, { headers: { Cookie: cookie } })).status).toBe(401);
  });

  it('closes when the session ends or the role goes', async () => {
    const other = await accounts.addPerson(['Admin']);
    const theirs = { Cookie: await open(await accounts.signIn(other)) };
    expect((await board('/api/queues', theirs)).status).toBe(200);
    await database.sql('DELETE FROM user_roles WHERE user_id = $1', [other.id]);
    gateway.authenticator.forgetAll();
    expect((await board('/api/queues', theirs)).status).toBe(403);
    await database.sql(
      `UPDATE refresh_sessions SET ended_at = now(), end_reason = 'logout' WHERE user_id = $1`,
      [other.id],
    );
    gateway.authenticator.forgetAll();
    expect((await board('/api/queues', theirs)).status).toBe(401);
  });

  it.each(['PUT', 'POST', 'PATCH', 'DELETE'])(
    'can be looked at only: %s is refused and recorded',
    async (method) => {
      for (const path of ['clean/completed', 'obliterate', 'pause']) {
        const answer = await board(`/api/queues/scan-site/${path}`, { Cookie: cookie }, method);
        expect([answer.status, expectProblem(answer).code]).toEqual([403, 'PERMISSION_DENIED']);
        expect((await board(`/api/queues/scan-site/${path}`, {}, method)).status).toBe(401);
        const foreign = { Cookie: cookie, Origin: 'https://evil.example' };
        expect(expectProblem(await board(`/api/queues/scan-site/${path}`, foreign, method)).code).toBe(
          'CROSS_SITE_REFUSED',
        );
      }
      const logs = await database.sql(
        `SELECT FROM audit_logs WHERE action = 'request.refuse' AND actor_id = $1 AND target_id LIKE $2`,
        [admin.id, `${method} %`],
      );
      expect(logs).toHaveLength(3);
    },
  );
});
