import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  openDatabase,
  scanRepository,
  workerRepository,
  type Database,
  type ScanRepository,
} from '@cookie-scanner/database';
import { createTestDatabase, type TestDatabase } from '@cookie-scanner/database/testing';
import { silentLogger } from '@cookie-scanner/observability';
import { testRedis } from '@cookie-scanner/redis/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startService, startTrivialWorker, type ServiceProcess } from './service-process.ts';

const TEST_TIMEOUT_MS = 180_000;
/** Scans of the workspace that would crowd out the other; FAIRNESS_CROWD=10000 for the number of the promise. */
const CROWD = Number(process.env['FAIRNESS_CROWD'] ?? 200);
const SLOTS = 2;

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await delay(50);
}

describe('many workers', () => {
  const redis = testRedis();
  const processes: ServiceProcess[] = [];
  let test: TestDatabase;
  let database: Database;
  let scans: ScanRepository;
  let folder: string;

  beforeAll(async () => {
    test = await createTestDatabase();
    database = openDatabase({ url: test.url, logger: silentLogger });
    scans = scanRepository(database);
    folder = await mkdtemp(join(tmpdir(), 'many-workers-'));
    processes.push(startService('scheduler', settings()));
  });
  afterAll(async () => {
    await Promise.all(processes.map((process) => process.kill()));
    await database.close();
    await test.drop();
    await redis.cleanup();
    await rm(folder, { recursive: true, force: true });
  });

  function settings(more: Record<string, string> = {}): Record<string, string> {
    return {
      DATABASE_URL: test.url,
      REDIS_URL: redis.url,
      REDIS_PREFIX: redis.prefix,
      ARTIFACTS_DIR: folder,
      HEALTH_PORT: '0',
      SCAN_CONCURRENCY: String(SLOTS),
      SCAN_SITE_CONCURRENCY_MAX: '1000',
      SCAN_SITE_GAP_MS: '0',
      ...more,
    };
  }

  /** A worker that takes scans already. */
  async function startWorker(labels = ''): Promise<ServiceProcess> {
    const worker = startTrivialWorker(settings(labels === '' ? {} : { WORKER_LABELS: labels }));
    processes.push(worker);
    await until(() => worker.hasLogged('taking scans'));
    return worker;
  }

  async function stop(worker: ServiceProcess): Promise<void> {
    worker.signal('SIGTERM');
    expect(await worker.ended).toEqual({ code: 0, signal: null });
  }

  async function submit(count: number, workspaceId: string, takesMs: number): Promise<string[]> {
    const rows = await test.sql<{ id: string }>(
      `WITH scan AS (
         INSERT INTO scan_results (workspace_id, requested_url, domain, params)
         SELECT $1, 'https://shop.example/?takes=' || $3::int, 'shop.example', '{}' FROM generate_series(1, $2::int)
         RETURNING id), event AS (
         INSERT INTO outbox_events (queue, payload) SELECT 'scan-site', jsonb_build_object('scanId', id) FROM scan)
       SELECT id FROM scan`,
      [workspaceId, count, takesMs],
    );
    return rows.map(({ id }) => id);
  }

  async function newWorkspace(): Promise<string> {
    const [row] = await test.sql<{ id: string }>(
      `INSERT INTO workspaces (name, slug) VALUES ('Lab', gen_random_uuid()) RETURNING id`,
    );
    return row?.id ?? '';
  }

  const countOf = async (condition: string, values: unknown[] = []): Promise<number> => {
    const [row] = await test.sql<{ n: number }>(
      `SELECT count(*)::int AS n FROM scan_results WHERE ${condition}`,
      values,
    );
    return row?.n ?? 0;
  };

  it(
    'serve the scans that ask for their labels; one whose labels no worker has says so until one comes',
    async () => {
      const plain = await startWorker();
      const asking = await scans.create({
        requestedUrl: 'https://shop.example/',
        params: { workerLabels: ['region=eu'] },
      });
      const other = await scans.create({ requestedUrl: 'https://shop.example/', params: {} });
      await until(async () => (await scans.find(other.id))?.status === 'success');
      await until(async () => (await scans.find(asking.id))?.waitsForWorker?.labels[0] === 'region=eu');

      const labelled = await startWorker('zone=lab,region=eu');
      await until(async () => (await scans.find(asking.id))?.status === 'success');
      expect(await scans.find(asking.id)).toMatchObject({ attempt: 1, waitsForWorker: null });
      const [byLabels] = await test.sql(
        `SELECT worker.labels FROM scan_results AS scan JOIN workers AS worker ON worker.name = scan.worker_id
          WHERE scan.id = $1`,
        [asking.id],
      );
      expect(byLabels).toEqual({ labels: ['region=eu', 'zone=lab'] });

      // Without the other one, it serves those that ask for nothing too.
      await stop(plain);
      const last = await scans.create({ requestedUrl: 'https://shop.example/', params: {} });
      await until(async () => (await scans.find(last.id))?.status === 'success');
      await stop(labelled);
      expect(await workerRepository(database).list()).toEqual([]);
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'let a single scan of one workspace wait for no more than the scans that run, however many another one has',
    async () => {
      const [crowd, single] = [await newWorkspace(), await newWorkspace()];
      await submit(CROWD, crowd, 0);
      // All of them stand in the queue before anybody works on them.
      await until(async () => (await countOf('turn IS NULL')) === 0);
      const workers = await Promise.all([startWorker(), startWorker()]);
      await until(async () => (await countOf(`workspace_id = $1 AND started_at IS NOT NULL`, [crowd])) > 10);
      const [id = ''] = await submit(1, single, 0);
      await until(async () => (await scans.find(id))?.status === 'success');

      const [row] = await test.sql<{ before: number; waiting: number }>(
        `SELECT (SELECT count(*)::int FROM scan_results AS scan
                  WHERE scan.workspace_id = $2 AND scan.started_at > event.sent_at AND scan.started_at < own.started_at) AS before,
                (SELECT count(*)::int FROM scan_results AS scan
                  WHERE scan.workspace_id = $2 AND (scan.started_at IS NULL OR scan.started_at > own.started_at)) AS waiting
           FROM scan_results AS own JOIN outbox_events AS event ON event.payload ->> 'scanId' = own.id::text
          WHERE own.id = $1`,
        [id, crowd],
      );
      // The crowd was not done by then, or this would prove nothing.
      expect(row?.waiting).toBeGreaterThan(0);
      // At most those that the slots had taken from the queue already.
      expect(row?.before).toBeLessThanOrEqual(workers.length * SLOTS);
      await until(async () => (await countOf('finished_at IS NULL')) === 0);
      await Promise.all(workers.map(stop));
    },
    TEST_TIMEOUT_MS * (CROWD > 1_000 ? 10 : 1),
  );

  it(
    'are restarted one after the other under load, and no scan fails or is charged an attempt for it',
    async () => {
      const workspace = await newWorkspace();
      let workers: ServiceProcess[] = await Promise.all([startWorker(), startWorker()]);
      const ids: string[] = [];
      for (let round = 0; round < 2; round += 1) {
        const next: ServiceProcess[] = [];
        for (const old of workers) {
          const batch = await submit(2 * SLOTS, workspace, 1_500);
          ids.push(...batch);
          // Under way; on a machine that stood still meanwhile they may be done.
          await until(async () => (await countOf('id = ANY($1) AND started_at IS NOT NULL', [batch])) > 0);
          const replacement = startWorker();
          await stop(old);
          next.push(await replacement);
        }
        workers = next;
      }
      await until(async () => (await countOf('id = ANY($1) AND finished_at IS NULL', [ids])) === 0);
      const ends = await test.sql(
        `SELECT status::text, attempt - released_count AS charged, count(*)::int FROM scan_results
          WHERE id = ANY($1) GROUP BY 1, 2`,
        [ids],
      );
      expect(ends).toEqual([{ status: 'success', charged: 1, count: ids.length }]);
      await Promise.all(workers.map(stop));
    },
    TEST_TIMEOUT_MS,
  );
});
