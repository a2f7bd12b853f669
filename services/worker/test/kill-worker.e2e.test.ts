import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { openArtifactStore } from '@cookie-scanner/artifacts';
import { isTerminalStatus, scanParamsSchema, type SiteObservation } from '@cookie-scanner/contracts';
import { openDatabase, scanRepository, type Database, type ScanRepository } from '@cookie-scanner/database';
import { createTestDatabase, type TestDatabase } from '@cookie-scanner/database/testing';
import { silentLogger } from '@cookie-scanner/observability';
import { testRedis } from '@cookie-scanner/redis/testing';
import { startTestWeb, truthDifferences, type TestWeb } from '@cookie-scanner/test-web';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { gatedSite, type GatedSite } from './gated-site.ts';
import { descendants, isRunning, startService, type ServiceProcess } from './service-process.ts';

/** Two dead locks of the queue and a start of the browser fit in. */
const TEST_TIMEOUT_MS = 120_000;
/** Longer than a first claim takes on a busy machine: a lease counts from when it was asked for. */
const LEASE_MS = 6_000;

/** Waits until `condition` holds; the test's own timeout is the deadline. */
async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await delay(50);
}

describe('in the middle of a scan', () => {
  const redis = testRedis();
  const services: ServiceProcess[] = [];
  let gated: GatedSite;
  let web: TestWeb;
  let testDatabase: TestDatabase;
  let database: Database;
  let scans: ScanRepository;
  let folder: string;

  beforeEach(async () => {
    gated = gatedSite();
    web = await startTestWeb({ extraSites: [gated.site] });
    testDatabase = await createTestDatabase();
    database = openDatabase({ url: testDatabase.url, logger: silentLogger });
    scans = scanRepository(database);
    folder = await mkdtemp(join(tmpdir(), 'worker-e2e-'));
    start('scheduler');
  });

  afterEach(async () => {
    await Promise.all(services.splice(0).map((service) => service.kill()));
    gated.open();
    await web.close();
    await database.close();
    await testDatabase.drop();
    await redis.cleanup();
    await rm(folder, { recursive: true, force: true });
  });

  function start(name: 'worker' | 'scheduler'): ServiceProcess {
    const service = startService(name, {
      DATABASE_URL: testDatabase.url,
      REDIS_URL: redis.url,
      REDIS_PREFIX: redis.prefix,
      ARTIFACTS_DIR: folder,
      HEALTH_PORT: '0',
      SCAN_HOST_RESOLVER_RULES: web.hostResolverRules,
      SCAN_IGNORE_CERTIFICATE_ERRORS: 'true',
      SCAN_LEASE_MS: String(LEASE_MS),
    });
    services.push(service);
    return service;
  }

  /** A scan that the worker has begun and that waits at the gate. */
  async function scanAtTheGate(): Promise<string> {
    const params = scanParamsSchema.parse({ mode: 'quick', timeoutMs: 60_000 });
    const { id } = await scans.create({ requestedUrl: gated.site.url, params });
    await until(() => gated.arrivals() === 1);
    return id;
  }

  async function untilFinished(id: string): Promise<void> {
    await until(async () => isTerminalStatus((await scans.find(id))?.status ?? 'queued'));
  }

  async function chargedAttempts(id: string): Promise<number | undefined> {
    const [row] = await testDatabase.sql<{ charged: number }>(
      'SELECT attempt - released_count AS charged FROM scan_results WHERE id = $1',
      [id],
    );
    return row?.charged;
  }

  /** One result with exactly the site's cookies, one request to analyse it, and one observation, of this attempt. */
  async function expectExactlyOneResult(id: string, attempt: number): Promise<void> {
    await expect(scans.find(id)).resolves.toMatchObject({
      status: 'success',
      attempt,
      totals: { cookies: 3 },
    });

    const cookies = await scans.listCookies(id, { cursor: null, limit: 100 });
    expect(truthDifferences(gated.site.truth.cookies, cookies?.items ?? [])).toEqual([]);
    const analyses = await testDatabase.sql(
      `SELECT FROM outbox_events WHERE queue = 'analyse-scan' AND payload ->> 'scanId' = $1`,
      [id],
    );
    expect(analyses).toHaveLength(1);

    const stored = await scans.observationArtifact(id);
    expect(stored?.key).toBe(`scans/${id}/${attempt}/observation.json.gz`);
    const file = await openArtifactStore({ dir: folder }).get(stored?.key ?? '', {
      sha256: stored?.sha256 ?? '',
    });
    const observation = JSON.parse(gunzipSync(file).toString()) as SiteObservation;
    expect(observation.cookies).toHaveLength(3);
    await expect(readdir(join(folder, 'scans', id))).resolves.toEqual([String(attempt)]);
  }

  it(
    'a worker killed with -9 leaves no browser behind, and the next one ends the scan with exactly one result',
    async () => {
      const first = start('worker');
      const id = await scanAtTheGate();
      const browser = await descendants(first.pid);
      expect(browser.length).toBeGreaterThan(0);

      await first.kill();
      start('worker');
      gated.open();
      await untilFinished(id);

      await expectExactlyOneResult(id, 2);
      await expect(chargedAttempts(id)).resolves.toBe(2);
      await until(() => !browser.some(isRunning));
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'a worker stopped with SIGTERM hands it back at no cost and exits in order; the next one ends it',
    async () => {
      const first = start('worker');
      const id = await scanAtTheGate();
      first.signal('SIGTERM');

      await expect(first.ended).resolves.toEqual({ code: 0, signal: null });
      await expect(scans.find(id)).resolves.toMatchObject({ status: 'queued' });
      await expect(chargedAttempts(id)).resolves.toBe(0);

      start('worker');
      gated.open();
      await untilFinished(id);
      await expectExactlyOneResult(id, 2);
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'a worker that stands still is fenced off: it writes nothing when it wakes after another has ended the scan',
    async () => {
      const zombie = start('worker');
      const id = await scanAtTheGate();
      zombie.signal('SIGSTOP');

      start('worker');
      gated.open();
      await untilFinished(id);
      zombie.signal('SIGCONT');
      await until(
        () =>
          zombie.hasLogged('broke a scan off and wrote nothing') ||
          zombie.hasLogged('dropped a result, because another attempt owns the scan'),
      );

      await expectExactlyOneResult(id, 2);
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'a Redis that forgets everything costs the scan nothing',
    async () => {
      start('worker');
      const id = await scanAtTheGate();
      await redis.cleanup();
      gated.open();
      await untilFinished(id);

      await expectExactlyOneResult(id, 1);
    },
    TEST_TIMEOUT_MS,
  );
});

describe('starting a worker', () => {
  it('ends with one clear error when there is no browser', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'worker-e2e-'));
    const worker = startService('worker', {
      DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none',
      REDIS_URL: 'redis://127.0.0.1:1',
      ARTIFACTS_DIR: folder,
      SCAN_BROWSER_EXECUTABLE: '/nowhere/chromium',
      HEALTH_PORT: '0',
    });

    await expect(worker.ended).resolves.toEqual({ code: 1, signal: null });
    expect(worker.log.filter(({ level }) => level === 'error')).toHaveLength(1);
    expect(JSON.stringify(worker.log)).toContain('/nowhere/chromium');
    await rm(folder, { recursive: true });
  });
});
