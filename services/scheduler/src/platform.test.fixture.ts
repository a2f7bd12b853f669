import { EventEmitter, once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { configSections } from '@cookie-scanner/config';
import { scanParamsSchema, scanSiteQueue } from '@cookie-scanner/contracts';
import {
  listenForOutbox,
  monthPartitions,
  openDatabase,
  outboxRepository,
  retentionRepository,
  scanRepository,
  scheduleRepository,
  workerRepository,
  type ScanRepository,
} from '@cookie-scanner/database';
import { createTestDatabase, type TestDatabase } from '@cookie-scanner/database/testing';
import { createMetrics, silentLogger, type Metrics } from '@cookie-scanner/observability';
import { createConsumer } from '@cookie-scanner/queues';
import { openRedis, type RedisOwner } from '@cookie-scanner/redis';
import { startScheduler } from './scheduler.ts';

/** A scheduler at work, and what it counts. */
interface StartedScheduler {
  /** Value of a metric now, whatever its labels. */
  metric(name: string): Promise<number>;
  /** Resolves when a metric has reached this value. */
  untilMetric(name: string, value: number): Promise<void>;
}

/** A real database and Redis, a worker that only notes what it is given, and schedulers that a test starts. */
export interface PlatformUnderTest {
  test: TestDatabase;
  scans: ScanRepository;
  /** Ids of the jobs that reached the worker, in order. */
  received: string[];
  /** Starts a scheduler that hears of new work, as the service does. */
  startScheduler(): Promise<StartedScheduler>;
  submit(count?: number): Promise<string[]>;
  /** Resolves when the worker has received this many jobs. */
  untilReceived(count: number): Promise<void>;
  close(): Promise<void>;
}

const DEADLINE_MS = 30_000;

/** Opens all of it for one test. */
export async function openPlatform({
  url,
  prefix,
}: {
  url: string;
  prefix: string;
}): Promise<PlatformUnderTest> {
  const test = await createTestDatabase();
  const database = openDatabase({ url: test.url, logger: silentLogger });
  const redis: RedisOwner = openRedis({ url, prefix, logger: silentLogger });
  const scans = scanRepository(database);
  const received: string[] = [];
  const events = new EventEmitter();
  const consumer = createConsumer(
    scanSiteQueue,
    async (payload) => {
      received.push(scanSiteQueue.jobId(payload));
      events.emit('received');
      return Promise.resolve();
    },
    { connection: redis.connection('blocking'), prefix, concurrency: 4, logger: silentLogger },
  );
  await consumer.ready();
  const stops: (() => Promise<void>)[] = [];

  return {
    test,
    scans,
    received,
    startScheduler: async () => {
      const metrics = createMetrics('scheduler');
      const scheduler = startScheduler({
        scans,
        outbox: outboxRepository(database),
        workers: workerRepository(database),
        months: monthPartitions(database),
        schedules: scheduleRepository(database),
        audit: { database, signer: null, anchorFile: null },
        retention: retentionRepository(database),
        // Files of rows that are gone; nothing here has any.
        artifacts: { delete: () => Promise.resolve() },
        periods: configSections.retention.parse({}),
        queues: { connection: redis.connection('failFast'), prefix },
        metrics,
        logger: silentLogger,
      });
      const listener = listenForOutbox({
        url: test.url,
        onNudge: () => scheduler.nudge(),
        logger: silentLogger,
      });
      stops.push(
        () => listener.close(),
        () => scheduler.stop(),
      );
      await listener.ready;
      return startedScheduler(metrics);
    },
    submit: async (count = 1) => {
      const ids: string[] = [];
      for (let n = 0; n < count; n += 1) {
        const params = scanParamsSchema.parse({ mode: 'quick', timeoutMs: 60_000 });
        ids.push((await scans.create({ requestedUrl: 'https://shop.example/', params })).id);
      }
      return ids;
    },
    untilReceived: async (count) => {
      const signal = AbortSignal.timeout(DEADLINE_MS);
      while (received.length < count) await once(events, 'received', { signal });
    },
    close: async () => {
      for (const stop of stops) await stop();
      await consumer.close(1_000);
      await redis.close();
      await database.close();
      await test.drop();
    },
  };
}

function startedScheduler({ registry }: Metrics): StartedScheduler {
  const metric = async (name: string): Promise<number> => {
    const lines = (await registry.metrics()).matchAll(new RegExp(`^${name}\\{.*\\} (\\S+)$`, 'gm'));
    return [...lines].reduce((sum, [, value]) => sum + Number(value), 0);
  };
  return {
    metric,
    untilMetric: async (name, value) => {
      const signal = AbortSignal.timeout(DEADLINE_MS);
      while ((await metric(name)) < value) await setTimeout(20, undefined, { signal });
    },
  };
}
