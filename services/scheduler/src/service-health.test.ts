import { describe, expect, it } from '@jest/globals';
import { AppError } from '@cookie-scanner/errors';
import { liveness, readiness } from './service-health.ts';

describe('the health of the scheduler', () => {
  const loop = (turnAtMs: number) => ({ lastTurnAt: () => turnAtMs });

  it('is alive while every loop goes round', () => {
    expect(liveness({ relay: loop(1_000), cleanup: loop(900) }, 1_500)).toEqual({
      ok: true,
      checks: { relay: { ok: true }, cleanup: { ok: true } },
    });
  });

  it('is not alive when one loop stands still, and says which', () => {
    const report = liveness({ relay: loop(0), cleanup: loop(200_000) }, 200_000);
    expect(report).toMatchObject({ ok: false, checks: { relay: { ok: false }, cleanup: { ok: true } } });
    expect(report.checks['relay']?.detail).toMatch(/restart this process/);
  });

  it('is ready only when both PostgreSQL and Redis answer', async () => {
    const up = { ping: () => Promise.resolve() };
    const down = { ping: () => Promise.reject(new AppError('DATABASE_UNAVAILABLE', 'PostgreSQL is away')) };
    const redis = (ok: boolean) => ({ health: () => Promise.resolve({ ok }) });
    expect(await readiness({ database: up, redis: redis(true) })).toMatchObject({ ok: true });
    expect(await readiness({ database: up, redis: redis(false) })).toMatchObject({ ok: false });
    expect(await readiness({ database: down, redis: redis(true) })).toEqual({
      ok: false,
      checks: { database: { ok: false, detail: 'PostgreSQL is away' }, redis: { ok: true } },
    });
  });
});
