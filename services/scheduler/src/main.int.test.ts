import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@cookie-scanner/database/testing';
import { testRedis, type TestRedis } from '@cookie-scanner/redis/testing';

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));

describe('the scheduler as a process', () => {
  let test: TestDatabase;
  let redis: TestRedis;
  let folder: string;

  beforeAll(async () => {
    test = await createTestDatabase();
    redis = testRedis();
    folder = mkdtempSync(join(tmpdir(), 'scheduler-'));
  });
  afterAll(async () => {
    await redis.cleanup();
    await test.drop();
    rmSync(folder, { recursive: true });
  });

  it('becomes ready, shows its metrics, and stops in order on SIGTERM', async () => {
    const child = spawn(process.execPath, [MAIN], {
      env: {
        DATABASE_URL: test.url,
        REDIS_URL: redis.url,
        REDIS_PREFIX: redis.prefix,
        HEALTH_PORT: '0',
        ARTIFACTS_DIR: folder,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(child, 'exit');
    const lines: { message: string; healthPort?: number }[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      const entry = JSON.parse(line) as (typeof lines)[number];
      lines.push(entry);
      if (entry.message !== 'started') continue;
      const pages = `http://127.0.0.1:${entry.healthPort}`;
      expect((await fetch(`${pages}/health/live`)).status).toBe(200);
      expect((await fetch(`${pages}/health/ready`)).status).toBe(200);
      expect(await (await fetch(`${pages}/metrics`)).text()).toContain('outbox_oldest_unsent_seconds');
      child.kill('SIGTERM');
    }
    expect(await exited).toEqual([0, null]);
    expect(lines.at(-1)?.message).toBe('stopped');
  });

  it('starts while PostgreSQL and Redis are away, and says that it is not ready', async () => {
    const child = spawn(process.execPath, [MAIN], {
      env: {
        DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none',
        REDIS_URL: 'redis://127.0.0.1:1',
        HEALTH_PORT: '0',
        ARTIFACTS_DIR: folder,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(child, 'exit');
    for await (const line of createInterface({ input: child.stdout })) {
      const entry = JSON.parse(line) as { message: string; healthPort?: number };
      if (entry.message !== 'started') continue;
      const pages = `http://127.0.0.1:${entry.healthPort}`;
      const ready = await fetch(`${pages}/health/ready`);
      expect(ready.status).toBe(503);
      expect(await ready.json()).toMatchObject({ checks: { database: { ok: false }, redis: { ok: false } } });
      expect((await fetch(`${pages}/health/live`)).status).toBe(200);
      expect((await fetch(`${pages}/metrics`)).status).toBe(200);
      child.kill('SIGTERM');
    }
    expect(await exited).toEqual([0, null]);
  });
});
