import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { keysOfEncryptionKey, makeApiKey } from '@cookie-scanner/auth';
import { apiKeyCreateSchema } from '@cookie-scanner/contracts';
import {
  apiKeyRepository,
  DEFAULT_WORKSPACE_ID,
  openDatabase,
  userRepository,
} from '@cookie-scanner/database';
import { createTestDatabase, type TestDatabase } from '@cookie-scanner/database/testing';
import { freePort } from '@cookie-scanner/local-stack';
import { silentLogger } from '@cookie-scanner/observability';
import { startTestRedisServer, type TestRedisServer } from '@cookie-scanner/redis/testing';
import { manageProcess, type ManagedProcess } from './managed-process.ts';
import { openTcpProxy, type TcpProxy } from './tcp-proxy.ts';

/** A platform to break. */
export interface ChaosPlatform {
  /** The database itself, beside the proxy. */
  readonly database: TestDatabase;
  readonly redis: TestRedisServer;
  readonly toDatabase: TcpProxy;
  readonly toRedis: TcpProxy;
  readonly processes: readonly ManagedProcess[];
  /** Where the logs are; removed by `close`. */
  readonly folder: string;
  /** Submits a scan over the API; null when it was not accepted. */
  submit(url: string): Promise<string | null>;
  close(): Promise<void>;
}

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const SECRET = 'a secret of the chaos tests, longer than 32 characters';
const JWT_SECRET = 'another secret of the chaos tests, longer than 32 characters';
const READY_TIMEOUT_MS = 240_000;
const SUBMIT_TIMEOUT_MS = 10_000;
/** In the form of a hash; no password has it. */
const NO_PASSWORD = '$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHRzYWx0$bm8gcGFzc3dvcmQgaGFzIHRoaXM';

/**
 * Starts everything. Needs the test servers of `npm test`.
 *
 * @param searchPath - where the processes look for programs
 */
export async function openChaosPlatform(searchPath: string): Promise<ChaosPlatform> {
  const folder = mkdtempSync(join(tmpdir(), 'chaos-'));
  const database = await createTestDatabase();
  const redis = await startTestRedisServer();
  const databaseUrl = new URL(database.url);
  const redisUrl = new URL(redis.url);
  const toDatabase = await openTcpProxy({ host: databaseUrl.hostname, port: Number(databaseUrl.port) });
  const toRedis = await openTcpProxy({ host: redisUrl.hostname, port: Number(redisUrl.port) });
  databaseUrl.port = String(toDatabase.port);
  redisUrl.port = String(toRedis.port);
  const apiKey = await makeKey(database.url);
  const port = await freePort();
  const env = {
    PATH: searchPath,
    DATABASE_URL: databaseUrl.href,
    DATABASE_CONNECT_TIMEOUT_MS: '3000',
    DATABASE_STATEMENT_TIMEOUT_MS: '5000',
    REDIS_URL: redisUrl.href,
    REDIS_PREFIX: 'chaos',
    ARTIFACTS_DIR: join(folder, 'artifacts'),
    HEALTH_PORT: '0',
    GATEWAY_PORT: String(port),
    API_RATE_LIMIT_PER_MINUTE: '100000',
    JWT_SECRET,
    AUTH_ENCRYPTION_KEY: SECRET,
    SCAN_CONCURRENCY: '4',
    SCAN_LEASE_MS: '3000',
    SCAN_MAX_ATTEMPTS: '20',
    SCAN_SITE_CONCURRENCY_MAX: '1000',
    SCAN_SITE_GAP_MS: '0',
    QUEUE_LOST_AFTER_MS: '3000',
  };
  const start = (name: string, path = `services/${name}/dist/main.js`): ManagedProcess =>
    manageProcess({ name, path: join(ROOT, path), logPath: join(folder, `${name}.log`) }, env);
  const trivialWorker = 'services/worker/test/trivial-worker.ts';
  const processes = [
    start('gateway'),
    start('worker', trivialWorker),
    start('worker', trivialWorker),
    start('scheduler'),
    start('scheduler'),
    start('report'),
    start('notifier'),
  ];
  const url = `http://127.0.0.1:${port}`;
  const platform: ChaosPlatform = {
    ...{ database, redis, toDatabase, toRedis, processes, folder },
    submit: (target) => submit(`${url}/api/v1/scans`, apiKey, target),
    async close() {
      await Promise.all(processes.map((each) => each.end()));
      await Promise.all([toDatabase.close(), toRedis.close()]);
      await redis.close();
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  try {
    await untilAnswers(`${url}/health/live`);
    return platform;
  } catch (error) {
    await platform.close();
    throw error;
  }
}

/** A key that may submit scans, of a person who cannot sign in. */
async function makeKey(databaseUrl: string): Promise<string> {
  const database = openDatabase({ url: databaseUrl, logger: silentLogger });
  const by = { actorKind: 'system' } as const;
  const users = userRepository(database);
  await users.createFirstAdmin({ email: 'chaos@example.org', name: 'Chaos', passwordHash: NO_PASSWORD }, by);
  const admin = await users.findCredentials({ email: 'chaos@example.org' });
  const wanted = apiKeyCreateSchema.parse({ name: 'Chaos', scopes: ['scans:write', 'scans:read'] });
  const place = { workspaceId: DEFAULT_WORKSPACE_ID, userId: admin?.id ?? '' };
  const deps = { keys: keysOfEncryptionKey(SECRET), apiKeys: apiKeyRepository(database) };
  const { text } = await makeApiKey(deps, { ...wanted, ...place }, by);
  await database.close();
  return text;
}

async function submit(url: string, apiKey: string, target: string): Promise<string | null> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { Authorization: `Bearer ${apiKey}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ url: target }),
      signal: AbortSignal.timeout(SUBMIT_TIMEOUT_MS),
    });
    if (response.status !== 202) return null;
    return ((await response.json()) as { id: string }).id;
  } catch {
    // The gateway is away, or its answer was lost: nothing was acknowledged.
    return null;
  }
}

async function untilAnswers(url: string): Promise<void> {
  const deadline = performance.now() + READY_TIMEOUT_MS;
  while (performance.now() < deadline) {
    const isThere = await fetch(url).then(
      (response) => response.ok,
      () => false,
    );
    if (isThere) return;
    await delay(50);
  }
  throw new Error(`nothing answers at ${url}`);
}
