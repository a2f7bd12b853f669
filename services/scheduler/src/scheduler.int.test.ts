import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startTestRedisServer, testRedis, type TestRedis } from '@cookie-scanner/redis/testing';
import { openPlatform, type PlatformUnderTest } from './platform.test.fixture.ts';

describe('the scheduler', () => {
  let redis: TestRedis;
  let platform: PlatformUnderTest;

  beforeEach(async () => {
    redis = testRedis();
    platform = await openPlatform(redis);
  });
  afterEach(async () => {
    await platform.close();
    await redis.cleanup();
  });

  it('carries a submitted scan to its queue as one job', async () => {
    const scheduler = await platform.startScheduler();
    const [id] = await platform.submit();
    await platform.untilReceived(1);
    expect(platform.received).toEqual([`scan-${id}-0`]);
    await scheduler.untilMetric('outbox_events_relayed_total', 1);
  });

  it('carries each scan once when several schedulers run side by side', async () => {
    await Promise.all([platform.startScheduler(), platform.startScheduler(), platform.startScheduler()]);
    const ids = await platform.submit(150);
    await platform.untilReceived(150);
    expect(platform.received.toSorted()).toEqual(ids.map((id) => `scan-${id}-0`).toSorted());
  });

  it('carries what was committed before it started', async () => {
    await platform.submit(250);
    await platform.startScheduler();
    await platform.untilReceived(250);
    expect(new Set(platform.received).size).toBe(250);
  });

  it('offers a scan again whose worker fell silent', async () => {
    const [id = ''] = await platform.submit();
    await platform.scans.claim(id, { workerId: 'dead', leaseMs: 60_000, attemptsMax: 3 });
    await platform.test.sql(`UPDATE scan_results SET lease_until = now() - interval '1 s'`);
    await platform.test.sql(`DELETE FROM outbox_events`);
    const scheduler = await platform.startScheduler();
    await platform.untilReceived(1);
    expect(platform.received).toEqual([`scan-${id}-1`]);
    await scheduler.untilMetric('scans_reoffered_total', 1);
  });

  it('offers a scan again whose job Redis forgot', async () => {
    const [id = ''] = await platform.submit();
    await platform.test.sql(`UPDATE outbox_events SET sent_at = now()`);
    await platform.test.sql(`UPDATE scan_results SET offered_at = now() - interval '61 s'`);
    await platform.startScheduler();
    await platform.untilReceived(1);
    expect(platform.received).toEqual([`scan-${id}-1`]);
  });

  it('offers again what follows the end of a scan when Redis forgot it, until all is done', async () => {
    const [id = ''] = await platform.submit();
    await platform.scans.claim(id, { workerId: 'worker-1', leaseMs: 60_000, attemptsMax: 3 });
    await platform.scans.finishWithoutResult(id, {
      attempt: 1,
      status: 'failed',
      statusReason: 'browser_unavailable',
    });
    await platform.test.sql(`DELETE FROM outbox_events`);
    await platform.test.sql(`UPDATE scan_results SET offered_at = now() - interval '61 s'`);
    const scheduler = await platform.startScheduler();
    await scheduler.untilMetric('scans_reoffered_total', 1);
    const offered = await platform.test.sql(`SELECT queue, payload->>'scanId' AS id FROM outbox_events`);
    expect(offered).toEqual([{ queue: 'send-notification', id }]);
  });

  it('forgets after a day what was sent, and nothing else', async () => {
    const [id] = await platform.submit();
    await platform.test.sql(`INSERT INTO outbox_events (queue, payload, created_at, sent_at)
      VALUES ('scan-site', '{}', now() - interval '2 d', now() - interval '25 h')`);
    await platform.startScheduler();
    await platform.untilReceived(1);
    const left = (): Promise<unknown[]> =>
      platform.test.sql(`SELECT payload->>'scanId' AS id FROM outbox_events`);
    while ((await left()).length > 1) await setTimeout(20);
    expect(await left()).toEqual([{ id }]);
  });

  it('begins the run of a schedule that is due, once beside other schedulers, and records how it ended', async () => {
    const sql: typeof platform.test.sql = (text, values) => platform.test.sql(text, values);
    await sql(`INSERT INTO domain_configs (workspace_id, domain, labels)
      SELECT id, 'site-' || n || '.example', '{shop}' FROM workspaces, generate_series(1, 20) AS n`);
    await sql(
      `INSERT INTO scan_profiles (workspace_id, slug, name, params) SELECT id, 'ours', 'Ours', '{}' FROM workspaces`,
    );
    await sql(`INSERT INTO schedules (workspace_id, profile_id, name, labels, frequency, timing, next_planned_at, next_run_at)
      SELECT workspace_id, id, 'Shops', '{shop}', 'interval', '{"frequency": "interval", "everyMs": 3600000}', now(), now()
        FROM scan_profiles WHERE slug = 'ours'`);
    await Promise.all([platform.startScheduler(), platform.startScheduler()]);
    await platform.untilReceived(20);
    await sql(
      `UPDATE scan_results SET status = 'failed', started_at = now(), finished_at = now(), settled_at = now()`,
    );
    const runs = (): Promise<{ status: string }[]> =>
      sql('SELECT status::text, scans_planned FROM schedule_executions');
    while ((await runs())[0]?.status !== 'failed') await setTimeout(20);
    expect(await runs()).toEqual([{ status: 'failed', scans_planned: 20 }]);
    expect(platform.received).toHaveLength(20);
    expect(await sql('SELECT next_run_at - last_run_at AS pause FROM schedules')).toMatchObject([
      { pause: { hours: 1 } },
    ]);
  });

  it('shows how long work has been waiting', async () => {
    await platform.submit();
    const scheduler = await platform.startScheduler();
    await platform.untilReceived(1);
    await platform.test.sql(`UPDATE scan_results SET queued_at = now() - interval '90 s'`);
    await platform.test.sql(`INSERT INTO outbox_events (queue, payload, created_at)
      VALUES ('invented-later', '{}', now() - interval '80 s')`);
    expect(await scheduler.metric('scan_oldest_queued_seconds')).toBeGreaterThanOrEqual(90);
    expect(await scheduler.metric('outbox_oldest_unsent_seconds')).toBeGreaterThanOrEqual(80);
  });
});

describe('the scheduler while Redis is away', () => {
  it('keeps what was submitted, and carries each scan once when Redis is back', async () => {
    const server = await startTestRedisServer();
    const platform = await openPlatform({ url: server.url, prefix: 'outage' });
    try {
      const scheduler = await platform.startScheduler();
      await platform.submit();
      await platform.untilReceived(1);

      await server.kill();
      const ids = await platform.submit(20);
      await scheduler.untilMetric('outbox_relay_failures_total', 1);
      expect(await platform.test.sql('SELECT FROM outbox_events WHERE sent_at IS NULL')).toHaveLength(20);

      await server.start();
      await platform.untilReceived(21);
      expect(platform.received.slice(1).toSorted()).toEqual(ids.map((id) => `scan-${id}-0`).toSorted());
    } finally {
      await platform.close();
      await server.close();
    }
  });
});
