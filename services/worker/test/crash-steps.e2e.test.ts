import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { CrashStep } from '@cookie-scanner/config';
import { isTerminalStatus } from '@cookie-scanner/contracts';
import { openDatabase, scanRepository, type Database, type ScanRepository } from '@cookie-scanner/database';
import { createTestDatabase, type TestDatabase } from '@cookie-scanner/database/testing';
import { silentLogger } from '@cookie-scanner/observability';
import { testRedis } from '@cookie-scanner/redis/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startService, startTrivialWorker, type ServiceProcess } from './service-process.ts';

/** The lock of a queue's job must run out twice, and the machine may be slow. */
const TEST_TIMEOUT_MS = 300_000;

const WORKER_STEPS: CrashStep[] = [
  'claim',
  'launch',
  'navigate',
  'collect',
  'store',
  'commit',
  'acknowledge',
];

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await delay(50);
}

describe('a process that dies at any step of a scan', () => {
  const redis = testRedis();
  const processes: ServiceProcess[] = [];
  let testDatabase: TestDatabase;
  let database: Database;
  let scans: ScanRepository;
  let folder: string;

  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    database = openDatabase({ url: testDatabase.url, logger: silentLogger });
    scans = scanRepository(database);
    folder = await mkdtemp(join(tmpdir(), 'crash-steps-'));
  });
  afterAll(async () => {
    await Promise.all(processes.map((process) => process.kill()));
    await database.close();
    await testDatabase.drop();
    await redis.cleanup();
    await rm(folder, { recursive: true, force: true });
  });

  function start(
    name: 'worker' | 'scheduler' | 'report' | 'notifier',
    crashAt?: CrashStep,
    concurrency = 1,
  ): ServiceProcess {
    const settings = {
      DATABASE_URL: testDatabase.url,
      REDIS_URL: redis.url,
      REDIS_PREFIX: redis.prefix,
      ARTIFACTS_DIR: folder,
      HEALTH_PORT: '0',
      SCAN_CONCURRENCY: String(concurrency),
      SCAN_LEASE_MS: '5000',
      SCAN_SITE_CONCURRENCY_MAX: '100',
      SCAN_SITE_GAP_MS: '0',
      ...(crashAt === undefined ? {} : { CRASH_AT: crashAt }),
    };
    const started = name === 'worker' ? startTrivialWorker(settings) : startService(name, settings);
    processes.push(started);
    return started;
  }

  const submit = (path: string): Promise<{ id: string }> =>
    scans.create({ requestedUrl: `https://shop.example${path}`, params: {} });

  /** Everything that a scan left behind, in the database and as files. */
  async function endStateOf(id: string): Promise<unknown> {
    const [row] = await testDatabase.sql(
      `SELECT status::text, status_reason,
              (SELECT count(*)::int FROM cookies WHERE scan_id = scan.id) AS cookies,
              (SELECT count(*)::int FROM cookies WHERE scan_id = scan.id AND classification IS NOT NULL) AS judged,
              (SELECT array_agg(format::text || ' ' || state ORDER BY format) FROM reports WHERE scan_id = scan.id) AS reports,
              (SELECT count(*)::int FROM notifications WHERE scan_id = scan.id AND state = 'sent') AS notices,
              observation_key = 'scans/' || id || '/' || attempt || '/observation.json.gz' AS "isNewestFile"
         FROM scan_results AS scan WHERE id = $1`,
      [id],
    );
    return { ...row, attemptFolders: (await readdir(join(folder, 'scans', id))).length };
  }

  it(
    'costs the scan nothing: the end is the same for all of them',
    async () => {
      const workers = WORKER_STEPS.map((step) => start('worker', step));
      const report = start('report', 'analyse');
      start('notifier');
      await until(() => workers.every((worker) => worker.hasLogged('taking scans')));
      // One for each worker, which is busy with it until it dies.
      const ids = await Promise.all(WORKER_STEPS.map(async () => (await submit('/')).id));
      for (const step of ['relay', 'publish'] as const) await expectKilled(start('scheduler', step));
      start('scheduler');
      await Promise.all(workers.map(expectKilled));
      await expectKilled(report);
      start('report');
      start('worker');

      for (const id of ids) {
        await until(async () => {
          const told = await testDatabase.sql(
            `SELECT FROM notifications WHERE scan_id = $1 AND state = 'sent'`,
            [id],
          );
          return told.length > 0;
        });
      }
      const ends = await Promise.all(ids.map(endStateOf));
      expect(ends[0]).toEqual({
        status: 'success',
        status_reason: null,
        cookies: 2,
        judged: 2,
        reports: ['html ready', 'json ready'],
        notices: 1,
        isNewestFile: true,
        attemptFolders: 1,
      });
      for (const end of ends) expect(end).toEqual(ends[0]);
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'three times over the same scan ends that scan with the reason, and none of those that ran beside it',
    async () => {
      const poison = (await submit('/poison')).id;
      const good = await Promise.all(
        Array.from({ length: 5 }, async () => (await submit('/?takes=1000')).id),
      );
      const keeper = keepWorkersRunning();
      const isOver = async (id: string): Promise<boolean> => {
        const scan = await scans.find(id);
        return scan !== null && isTerminalStatus(scan.status);
      };
      for (const id of [poison, ...good]) await until(() => isOver(id));
      await keeper.stop();
      for (const id of good) expect(await scans.find(id)).toMatchObject({ status: 'success' });
      expect(await scans.find(poison)).toMatchObject({ statusReason: 'worker_crashed', attempt: 3 });
    },
    TEST_TIMEOUT_MS,
  );

  async function expectKilled(process: ServiceProcess): Promise<void> {
    expect(await process.ended).toEqual({ code: null, signal: 'SIGKILL' });
  }

  /** Starts a worker, and another one whenever one dies, as an orchestrator does. */
  function keepWorkersRunning(): { stop(): Promise<void> } {
    const stopping = new AbortController();
    const ended = (async () => {
      while (!stopping.signal.aborted) await start('worker', undefined, 3).ended;
    })();
    return {
      async stop() {
        stopping.abort();
        await processes.at(-1)?.kill();
        await ended;
      },
    };
  }
});
