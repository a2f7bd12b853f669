import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { passwordHasher } from '@cookie-scanner/auth';
import { scanResultSchema } from '@cookie-scanner/contracts';
import { createTestDatabase, type TestDatabase } from '@cookie-scanner/database/testing';
import { testRedis } from '@cookie-scanner/redis/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { makeClientKeys } from './platform/accounts.ts';
import { manageProcess, type ManagedProcess } from './platform/managed-process.ts';
import { addressOf, by, openTcpProxy, type TcpProxy } from './platform/tcp-proxy.ts';

const GATEWAY = fileURLToPath(new URL('../../../services/gateway/dist/main.js', import.meta.url));
const SECRET = 'a secret of the tests, longer than 32 characters';
const PERSON = { email: 'ada@example.org', password: 'nine purple lanterns' };
/** Never reached: whatever ends a request does so before. */
const NEVER_MS = 600_000;
const TEST_TIMEOUT_MS = 300_000;

/** What the gateway does by itself, with its own times, when a server that it is connected to says nothing more. */
describe('a gateway', () => {
  const redis = testRedis();
  let database: TestDatabase;
  let toDatabase: TcpProxy;
  let toRedis: TcpProxy;
  let gateway: ManagedProcess;
  let folder: string;
  let apiKey: string;
  let scanId: string;

  beforeAll(async () => {
    database = await createTestDatabase();
    toDatabase = await openTcpProxy(addressOf(database.url));
    toRedis = await openTcpProxy(addressOf(redis.url));
    ({ apiKey } = await makeClientKeys(database, SECRET));
    await database.sql(
      `INSERT INTO users (email, display_name, password_hash, state) VALUES ($1, 'Ada', $2, 'active')`,
      [PERSON.email, await passwordHasher().hash(PERSON.password)],
    );
    folder = mkdtempSync(join(tmpdir(), 'silent-servers-'));
    gateway = manageProcess(
      { name: 'gateway', path: GATEWAY, logPath: join(folder, 'gateway.log') },
      {
        DATABASE_URL: by(toDatabase, database.url),
        DATABASE_STATEMENT_TIMEOUT_MS: String(NEVER_MS),
        REDIS_URL: by(toRedis, redis.url),
        REDIS_PREFIX: redis.prefix,
        ARTIFACTS_DIR: join(folder, 'artifacts'),
        GATEWAY_PORT: '0',
        JWT_SECRET: `${SECRET} for tokens`,
        AUTH_ENCRYPTION_KEY: SECRET,
      },
    );
    let first: Response | null = null;
    while (first?.status !== 202) {
      await delay(50);
      first = gateway.port() === null ? null : await submit().catch(() => null);
    }
    scanId = scanResultSchema.parse(await first.json()).id;
  }, TEST_TIMEOUT_MS);

  afterAll(async () => {
    await gateway.end();
    await Promise.all([toDatabase.close(), toRedis.close()]);
    await database.drop();
    await redis.cleanup();
    rmSync(folder, { recursive: true, force: true });
  });

  const request = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`http://127.0.0.1:${gateway.port()}/api/v1${path}`, {
      headers: { Authorization: `Bearer ${apiKey}`, 'Content-Type': 'application/json' },
      ...init,
    });
  const submit = (): Promise<Response> =>
    request('/scans', { method: 'POST', body: '{"url":"https://shop.example/"}' });
  const signIn = (): Promise<Response> =>
    request('/auth/login', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(PERSON),
    });

  /** Signing in, reading one scan, reading many, submitting one: all at once. */
  async function askAll(): Promise<{ status: number; retryAfter: string | null; text: string }[]> {
    const answers = [signIn(), request(`/scans/${scanId}`), request('/scans'), submit()];
    return Promise.all(
      answers.map(async (asked) => {
        const answer = await asked;
        const { status, headers } = answer;
        return { status, retryAfter: headers.get('retry-after'), text: await answer.text() };
      }),
    );
  }

  it(
    'answers 503 with Retry-After when PostgreSQL has become silent, by its own watch, and heals',
    async () => {
      expect((await askAll()).map(({ status }) => status)).toEqual([200, 200, 200, 202]);
      toDatabase.setMode('blackhole');
      // First on connections that were open before, then on new ones.
      for (const connections of ['open', 'new']) {
        for (const { status, retryAfter, text } of await askAll()) {
          expect([connections, status, retryAfter]).toEqual([connections, 503, '5']);
          expect(text).toContain('DATABASE_UNAVAILABLE');
        }
      }
      expect(readFileSync(join(folder, 'gateway.log'), 'utf8')).toContain(
        'PostgreSQL is silent; what waits for it fails',
      );
      toDatabase.setMode('pass');
      let statuses: number[] = [];
      while (!statuses.every((status) => status < 300) || statuses.length === 0) {
        statuses = (await askAll()).map(({ status }) => status);
      }
      expect(gateway.badEnds).toEqual([]);
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'lets people sign in, read and submit when Redis has become silent',
    async () => {
      toRedis.setMode('blackhole');
      expect((await askAll()).map(({ status }) => status)).toEqual([200, 200, 200, 202]);
      toRedis.setMode('pass');
      expect(gateway.badEnds).toEqual([]);
    },
    TEST_TIMEOUT_MS,
  );
});
