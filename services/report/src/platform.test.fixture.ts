import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { openArtifactStore, type ArtifactStore } from '@cookie-scanner/artifacts';
import {
  analyseScanQueue,
  buildReportQueue,
  type QueueContract,
  scanParamsSchema,
  type ScanTotals,
  type SiteObservation,
} from '@cookie-scanner/contracts';
import {
  categoryOverrideRepository,
  findingRepository,
  openDatabase,
  outboxRepository,
  reportRepository,
  scanRepository,
  type CategoryOverrideRepository,
  type FindingRepository,
  type ReportRepository,
  type ScanRepository,
} from '@cookie-scanner/database';
import { createTestDatabase, type TestDatabase } from '@cookie-scanner/database/testing';
import { loadFilterLists } from '@cookie-scanner/filter-lists';
import { createMetrics, silentLogger } from '@cookie-scanner/observability';
import { createProducer, type QueueLocation } from '@cookie-scanner/queues';
import { openRedis } from '@cookie-scanner/redis';
import { testRedis } from '@cookie-scanner/redis/testing';
import { startConsumers } from './consumers.ts';

const TOTALS: ScanTotals = {
  ...{ cookies: 12, firstPartyCookies: 8, thirdPartyCookies: 4, transientCookies: 1, blockedCookies: 2 },
  ...{ storageItems: 5, requests: 58, thirdPartyRequests: 21, hosts: 9, pages: 1 },
};

/** The report service at work, on a database, queues and artifacts of its own. */
export interface PlatformUnderTest {
  readonly database: TestDatabase;
  readonly artifacts: ArtifactStore;
  readonly scans: ScanRepository;
  readonly findings: FindingRepository;
  readonly reports: ReportRepository;
  readonly overrides: CategoryOverrideRepository;
  /** Stores an observation as a worker does and finishes a scan with it; returns the scan's id. */
  finishScan(observation: SiteObservation): Promise<string>;
  /** Hands jobs over as the scheduler does, until `isDone`. The test's own timeout is the deadline. */
  relayUntil(isDone: () => Promise<boolean>): Promise<void>;
  /** Hands one job over once more, under an id that the queue does not know. */
  deliverAgain(queue: 'analyse-scan' | 'build-report', payload: Record<string, string>): Promise<void>;
  close(): Promise<void>;
}

const CONTRACTS: readonly QueueContract[] = [analyseScanQueue, buildReportQueue];

export async function openPlatform(): Promise<PlatformUnderTest> {
  const database = await createTestDatabase();
  const corner = testRedis();
  const dir = await mkdtemp(join(tmpdir(), 'report-'));
  const artifacts = openArtifactStore({ dir });
  const pool = openDatabase({ url: database.url, logger: silentLogger });
  const redis = openRedis({ ...corner, logger: silentLogger });
  const scans = scanRepository(pool);
  const findings = findingRepository(pool);
  const reports = reportRepository(pool);
  const overrides = categoryOverrideRepository(pool);
  const filterList = join(dir, 'privacy.txt');
  await writeFile(filterList, '||visitcount.example^$third-party\n');
  const filterLists = await loadFilterLists([filterList]);
  const outbox = outboxRepository(pool);
  const hand = handler({ connection: redis.connection('failFast'), prefix: corner.prefix });
  const consumers = startConsumers({
    ...{ scans, findings, reports, overrides, filterLists, artifacts, redis, logger: silentLogger },
    concurrency: 2,
    metrics: createMetrics('report'),
    timing: { pollIntervalMs: 1_000 },
  });

  return {
    ...{ database, artifacts, scans, findings, reports, overrides },
    finishScan: (observation) => finishScan(scans, artifacts, observation),
    async relayUntil(isDone) {
      while (!(await isDone())) {
        await outbox.relayBatch(100, async (events) => {
          for (const { queue, payload } of events) await hand(queue, payload);
        });
        await delay(20);
      }
    },
    deliverAgain: (queue, payload) => hand(queue, payload, `again-${Object.values(payload).join('-')}`),
    async close() {
      await Promise.all(consumers.map((consumer) => consumer.close(0)));
      await redis.close();
      await pool.close();
      await Promise.all([database.drop(), corner.cleanup(), rm(dir, { recursive: true })]);
    },
  };
}

/** Hands jobs to the queues of this service, under an id of their own where one is given; others are dropped. */
function handler(location: QueueLocation) {
  return async (queue: string, payload: unknown, jobId?: string): Promise<void> => {
    const contract = CONTRACTS.find(({ name }) => name === queue);
    if (!contract) return;
    const producer = createProducer(
      jobId === undefined ? contract : { ...contract, jobId: () => jobId },
      location,
    );
    await producer.enqueue(payload);
    await producer.close();
  };
}

async function finishScan(
  scans: ScanRepository,
  artifacts: ArtifactStore,
  observation: SiteObservation,
): Promise<string> {
  const { id } = await scans.create({
    requestedUrl: observation.requestedUrl,
    params: scanParamsSchema.parse({ mode: 'quick', timeoutMs: 60_000 }),
  });
  const claim = await scans.claim(id, { workerId: 'w1', leaseMs: 60_000, attemptsMax: 3 });
  if (claim.kind !== 'claimed') throw new Error('a new scan could not be claimed');
  const { attempt } = claim;
  const bytes = gzipSync(JSON.stringify(observation));
  const artifact = await artifacts.put(`scans/${id}/${attempt}/observation.json.gz`, bytes);
  const result = { attempt, workerId: 'w1', observation, totals: TOTALS, artifact, valuesKept: false };
  await scans.finish(id, result);
  return id;
}
