import { AppError } from '@cookie-scanner/errors';
import { describe, expect, it } from '@jest/globals';
import { workerHealth } from './worker-health.ts';

const HOUR_MS = 3_600_000;

const healthy = {
  database: { ping: async () => undefined },
  redis: { health: async () => ({ ok: true }) },
  artifacts: { ping: async () => undefined },
  engine: { problem: () => null },
  consumers: [{ lastActivityAt: () => Date.now() }],
};

describe('workerHealth', () => {
  it('is alive while its consumer shows life, and before it has one', () => {
    expect(workerHealth(healthy).live().ok).toBe(true);
    expect(workerHealth({ ...healthy, consumers: [] }).live().ok).toBe(true);
  });

  it('is not alive when its consumer was silent for long', () => {
    const consumers = [{ lastActivityAt: () => Date.now() - HOUR_MS }];

    expect(workerHealth({ ...healthy, consumers }).live()).toMatchObject({
      ok: false,
      checks: { consumer: { detail: 'no poll and no progress for 3600 s' } },
    });
  });

  it('is ready when everything it needs is there', async () => {
    await expect(workerHealth(healthy).ready()).resolves.toMatchObject({ ok: true });
  });

  it('names what is missing', async () => {
    const database = { ping: () => Promise.reject(new AppError('DATABASE_UNAVAILABLE', 'no answer')) };
    const redis = { health: async () => ({ ok: false, detail: 'maxmemory-policy' }) };
    const engine = { problem: () => 'No Chromium is installed.' };

    await expect(workerHealth({ ...healthy, database, redis, engine }).ready()).resolves.toMatchObject({
      ok: false,
      checks: {
        artifacts: { ok: true },
        browser: { ok: false, detail: 'No Chromium is installed.' },
        database: { ok: false, detail: 'no answer' },
        redis: { ok: false, detail: 'maxmemory-policy' },
      },
    });
  });

  it('is not ready any more once the stop began, and still alive', async () => {
    const health = workerHealth(healthy);
    health.beginStop();

    await expect(health.ready()).resolves.toMatchObject({ ok: false, checks: { stopping: { ok: false } } });
    expect(health.live().ok).toBe(true);
  });
});
