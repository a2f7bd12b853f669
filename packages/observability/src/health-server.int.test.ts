import { createServer } from 'node:net';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { HealthReport } from './health-pages.ts';
import { startHealthServer, type HealthServer } from './health-server.ts';
import { silentLogger } from './logger.ts';
import { createMetrics } from './metrics.ts';

const metrics = createMetrics('test');
let server: HealthServer | undefined;

async function start(reports: { live?: () => HealthReport; ready?: () => Promise<HealthReport> } = {}) {
  const fine: HealthReport = { ok: true, checks: {} };
  server = await startHealthServer({
    host: '127.0.0.1',
    port: 0,
    metrics,
    live: reports.live ?? (() => fine),
    ready: reports.ready ?? (() => Promise.resolve(fine)),
    logger: silentLogger,
  });
  const base = `http://127.0.0.1:${server.port}`;
  return (path: string, init?: RequestInit) => fetch(base + path, init);
}

afterEach(() => server?.close());

describe('health server', () => {
  it('answers live and ready with what was checked', async () => {
    const get = await start({
      ready: () => Promise.resolve({ ok: true, checks: { database: { ok: true } } }),
    });
    const response = await get('/health/ready?x=1');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ ok: true, checks: { database: { ok: true } } });
    expect((await get('/health/live')).status).toBe(200);
  });

  it('answers 503 and says what is wrong', async () => {
    const report: HealthReport = { ok: false, checks: { redis: { ok: false, detail: 'no answer' } } };
    const get = await start({ ready: () => Promise.resolve(report), live: () => report });
    for (const path of ['/health/ready', '/health/live']) {
      const response = await get(path);
      expect(response.status).toBe(503);
      expect(await response.json()).toEqual(report);
    }
  });

  it('answers 503 when a check itself fails, without saying why to strangers', async () => {
    const get = await start({ ready: () => Promise.reject(new Error('canary')) });
    const response = await get('/health/ready');
    expect(response.status).toBe(503);
    expect(await response.text()).not.toContain('canary');
  });

  it('answers 503 when a dependency never answers', async () => {
    const get = await start({ ready: () => new Promise(() => undefined) });
    const response = await get('/health/ready');
    expect(response.status).toBe(503);
    expect(await response.text()).toContain('no answer within');
  });

  it('serves metrics in the format of Prometheus', async () => {
    const get = await start();
    const response = await get('/metrics');
    expect(response.headers.get('content-type')).toContain('text/plain');
    expect(await response.text()).toContain('process_cpu_seconds_total');
  });

  it('has no metrics when it is told to keep them', async () => {
    const fine = (): HealthReport => ({ ok: true, checks: {} });
    server = await startHealthServer({
      ...{ host: '127.0.0.1', port: 0, metrics, hasMetrics: false, logger: silentLogger },
      live: fine,
      ready: () => Promise.resolve(fine()),
    });
    expect((await fetch(`http://127.0.0.1:${server.port}/metrics`)).status).toBe(404);
    expect((await fetch(`http://127.0.0.1:${server.port}/health/live`)).status).toBe(200);
  });

  it.each([
    ['/', 'GET', 404],
    ['/constructor', 'GET', 404],
    ['/health/live', 'POST', 405],
    ['/health/live', 'HEAD', 200],
  ])('answers %s %s with %d', async (path, method, status) => {
    const get = await start();
    expect((await get(path, { method })).status).toBe(status);
  });

  it('closes while a client holds its connection open', async () => {
    const get = await start();
    await get('/health/live');
    await server?.close();
    await expect(get('/health/live')).rejects.toThrow();
  });

  it('rejects when the port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const reports = {
      live: () => ({ ok: true, checks: {} }),
      ready: () => Promise.resolve({ ok: true, checks: {} }),
    };
    await expect(
      startHealthServer({ host: '127.0.0.1', port, metrics, logger: silentLogger, ...reports }),
    ).rejects.toMatchObject({ code: 'EADDRINUSE' });
    other.close();
  });
});
