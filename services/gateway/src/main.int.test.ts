import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { scanResultSchema } from '@cookie-scanner/contracts';
import { openDatabase } from '@cookie-scanner/database';
import { createTestDatabase, type TestDatabase } from '@cookie-scanner/database/testing';
import { silentLogger } from '@cookie-scanner/observability';
import { openRedis } from '@cookie-scanner/redis';
import { testRedis } from '@cookie-scanner/redis/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { openAccounts } from './accounts.ts';
import { keyOfFirstAdmin } from './testing/key-of-first-admin.ts';
import { readEvents } from './testing/read-events.ts';
import { TEST_SECRETS } from './testing/start-test-gateway.ts';

const redis = testRedis();
const dir = mkdtempSync(join(tmpdir(), 'gateway-main-test-'));
const children: ChildProcess[] = [];
let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});
afterAll(async () => {
  await database.drop();
  await redis.cleanup();
  rmSync(dir, { recursive: true });
});

const settings = () => ({
  ENV_FILE: 'none',
  DATABASE_URL: database.url,
  REDIS_URL: redis.url,
  REDIS_PREFIX: redis.prefix,
  ARTIFACTS_DIR: dir,
  GATEWAY_PORT: '0',
  JWT_SECRET: TEST_SECRETS.jwtSecret,
  AUTH_ENCRYPTION_KEY: TEST_SECRETS.encryptionKey,
});

/** A key for the database, made by the first Admin. */
async function apiKey(): Promise<string> {
  const opened = openDatabase({ url: database.url, logger: silentLogger });
  const owner = openRedis({ ...redis, logger: silentLogger });
  const lifetimes = { jwtLifetimeSeconds: 600, refreshLifetimeSeconds: 600, refreshIdleSeconds: 600 };
  const options = { secrets: TEST_SECRETS, lifetimes: () => lifetimes, rateLimitPerMinute: 600 };
  const key = await keyOfFirstAdmin(openAccounts({ database: opened, redis: owner, ...options }));
  await owner.close();
  await opened.close();
  return key;
}

/** Runs the gateway as its own process, from the sources. */
function start(environment: Record<string, string>) {
  const main = fileURLToPath(new URL('main.ts', import.meta.url));
  const child = spawn(process.execPath, ['--no-warnings', main], {
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const lines: Record<string, unknown>[] = [];
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (text) => lines.push(JSON.parse(text) as Record<string, unknown>));
  const ended = Promise.all([once(child, 'exit'), once(reader, 'close')]);

  /** The first line with this message, once there is one. */
  async function line(message: string): Promise<Record<string, unknown>> {
    for (;;) {
      const found = lines.find((one) => one['message'] === message);
      if (found) return found;
      await Promise.race([
        once(reader, 'line'),
        ended.then(() => Promise.reject(new Error('the gateway ended'))),
      ]);
    }
  }

  return {
    lines,
    kill: (signal: NodeJS.Signals) => child.kill(signal),
    line,
    url: async (): Promise<string> =>
      `http://127.0.0.1:${String((await line('gateway is listening'))['port'])}`,
    exitCode: async () => (await ended)[0][0] as number | null,
  };
}

describe('the gateway as a process', () => {
  it('serves, and on SIGTERM ends its streams, stops in order and exits with 0', async () => {
    const gateway = start(settings());
    const url = await gateway.url();
    const Authorization = `Bearer ${await apiKey()}`;
    const created = await fetch(`${url}/api/v1/scans`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization },
      body: '{"url":"https://shop.example/"}',
    });
    const { id } = scanResultSchema.parse(await created.json());
    const events = readEvents(
      await fetch(`${url}/api/v1/scans/${id}/events`, { headers: { Authorization } }),
    );
    expect((await events.next()).value).toMatchObject({ name: 'progress', data: { stage: 'queued' } });
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);

    gateway.kill('SIGTERM');
    expect(await events.next()).toMatchObject({ done: true });
    expect(await gateway.exitCode()).toBe(0);
    expect(gateway.lines.map(({ message }) => message)).toEqual(
      expect.arrayContaining(['stopping', 'stopped']),
    );
    expect(JSON.stringify(gateway.lines)).not.toContain(new URL(database.url).password);
  });

  it.each(['JWT_SECRET', 'AUTH_ENCRYPTION_KEY'])(
    'refuses to start with the %s of our sources',
    async (name) => {
      const gateway = start({ ...settings(), [name]: '' });
      expect(await gateway.exitCode()).not.toBe(0);
      expect(JSON.stringify(gateway.lines)).toContain('JWT_SECRET and AUTH_ENCRYPTION_KEY');
    },
  );

  it('starts while Redis and PostgreSQL are away, says so, and stops in order', async () => {
    const away = {
      DATABASE_URL: 'postgresql://u:canary@127.0.0.1:1/x',
      REDIS_URL: 'redis://:canary@127.0.0.1:1',
    };
    const gateway = start({ ...settings(), ...away });
    const url = await gateway.url();
    const ready = await fetch(`${url}/health/ready`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({ checks: { database: { ok: false }, redis: { ok: false } } });
    gateway.kill('SIGINT');
    expect(await gateway.exitCode()).toBe(0);
    expect(JSON.stringify(gateway.lines)).not.toContain('canary');
  });

  it('names every bad setting in one line and exits with 1', async () => {
    const gateway = start({ ENV_FILE: 'none', GATEWAY_PORT: 'canary', DATABASE_URL: 'canary' });
    expect(await gateway.exitCode()).toBe(1);
    const text = JSON.stringify(gateway.lines);
    expect(gateway.lines).toHaveLength(1);
    for (const name of ['GATEWAY_PORT', 'DATABASE_URL', 'REDIS_URL', 'ARTIFACTS_DIR'])
      expect(text).toContain(name);
    expect(text).not.toContain('canary');
  });

  it('takes over a log level and a limit from its files while it runs', async () => {
    const file = join(dir, 'config.yaml');
    writeFileSync(file, 'monitoring: { logLevel: warn }\n');
    const gateway = start({ ...settings(), CONFIG_FILE: file, LOG_LEVEL: 'info' });
    await gateway.url();
    writeFileSync(file, 'api: { streamsMax: 1 }\ncache: { activeScanSeconds: 9 }\nscan: { leaseMs: 9000 }\n');
    expect(await gateway.line('taking over changed settings')).toMatchObject({
      names: ['API_STREAMS_MAX', 'CACHE_ACTIVE_SCAN_SECONDS'],
    });
    gateway.kill('SIGTERM');
    expect(await gateway.exitCode()).toBe(0);
  });

  it('keeps its metrics to itself when it is told to', async () => {
    const gateway = start({ ...settings(), METRICS_ENABLED: 'false' });
    const url = await gateway.url();
    expect((await fetch(`${url}/metrics`)).status).toBe(404);
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
  });

  it('says that its port is taken and exits with 1', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const gateway = start({ ...settings(), GATEWAY_PORT: String(port) });
    expect(await gateway.exitCode()).toBe(1);
    expect(JSON.stringify(gateway.lines)).toContain('EADDRINUSE');
    other.close();
  });

  it('warns of a misspelt setting and of one that opens a hole', async () => {
    const gateway = start({ ...settings(), GATEWAY_PROT: '9', SCAN_ALLOW_PRIVATE_NETWORKS: 'true' });
    await gateway.url();
    const warnings = gateway.lines.filter(({ level }) => level === 'warn').map(({ message }) => message);
    expect(warnings).toEqual([
      'GATEWAY_PROT is not a setting and has no effect; did you mean GATEWAY_PORT?',
      expect.stringContaining('SCAN_ALLOW_PRIVATE_NETWORKS is on'),
    ]);
  });
});
