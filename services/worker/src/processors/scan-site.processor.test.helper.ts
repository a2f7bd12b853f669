import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { keysOfEncryptionKey, openAccess } from '@cookie-scanner/auth';
import { openArtifactStore, type ArtifactStore } from '@cookie-scanner/artifacts';
import { scanParamsSchema, type ScanProgress, type SiteObservation } from '@cookie-scanner/contracts';
import { openDatabase, scanRepository, type ScanRepository } from '@cookie-scanner/database';
import { createTestDatabase, type TestDatabase } from '@cookie-scanner/database/testing';
import { createMetrics, silentLogger } from '@cookie-scanner/observability';
import type { JobContext } from '@cookie-scanner/queues';
import { observedCookie, observedSite } from '../observation.test.helper.ts';
import { workerMetrics } from '../worker-metrics.ts';
import { scanSiteProcessor, type ScanSiteDeps } from './scan-site.processor.ts';

/** Value of the cookie that every scan here finds, unless its engine finds something else. */
export const CANARY = 'canary-4711';
export const TEST_KEYS = keysOfEncryptionKey('a key for tests of more than 32 characters');
export const LEASE_MS = 60_000;
export const ATTEMPTS_MAX = 3;

/** A real database and a real folder of artifacts, and the processor at work on them with an engine that a test makes up. */
export interface ProcessorUnderTest {
  readonly database: TestDatabase;
  readonly scans: ScanRepository;
  readonly artifacts: ArtifactStore;
  /** Where the artifacts are. */
  readonly folder: string;
  /** Signs of progress since the last reset. */
  progress(): readonly ScanProgress[];
  /** Forgets progress and counts. */
  reset(): void;
  /** Works on one job, in a worker of its own. */
  run(scanId: string, overrides?: Partial<ScanSiteDeps>, context?: Partial<JobContext>): Promise<void>;
  /** One worker that works on the jobs it is given. */
  worker(overrides?: Partial<ScanSiteDeps>): (scanId: string) => Promise<void>;
  queuedScan(): Promise<string>;
  /** A worker takes the scan and is never heard of again. */
  lose(scanId: string): Promise<void>;
  /** Takes the scan away from whoever has it, as after an expired lease. */
  takeOver(scanId: string): Promise<void>;
  outboxOf(scanId: string): Promise<{ queue: string }[]>;
  attemptFolders(scanId: string): Promise<string[]>;
  storedObservation(scanId: string): Promise<SiteObservation>;
  metric(name: string): Promise<number>;
  close(): Promise<void>;
}

/** Opens all of it for one file of tests. */
export async function openProcessor(): Promise<ProcessorUnderTest> {
  const test = await createTestDatabase();
  const database = openDatabase({ url: test.url, logger: silentLogger });
  const scans = scanRepository(database);
  const folder = await mkdtemp(join(tmpdir(), 'worker-test-'));
  const artifacts = openArtifactStore({ dir: folder });
  let progress: ScanProgress[] = [];
  let metrics = createMetrics('worker');

  const deps = (overrides: Partial<ScanSiteDeps>): ScanSiteDeps => ({
    scans,
    artifacts,
    scanSite: async () => observedSite({ cookies: [observedCookie({ value: CANARY })] }),
    openAccess: (scanId, sealed) => openAccess(TEST_KEYS, scanId, sealed),
    problem: () => null,
    publish: async (sign) => void progress.push(sign),
    metrics: workerMetrics(metrics),
    workerId: 'worker-1',
    leaseMs: LEASE_MS,
    attemptsMax: ATTEMPTS_MAX,
    hardLimitGraceMs: 30_000,
    labels: [],
    storeCookieValues: false,
    valueHashKey: 'key',
    ...overrides,
  });

  return {
    database: test,
    scans,
    artifacts,
    folder,
    progress: () => progress,
    reset() {
      progress = [];
      metrics = createMetrics('worker');
    },
    run: async (scanId, overrides = {}, context = {}) =>
      await scanSiteProcessor(deps(overrides))({ scanId, offer: 0 }, { ...contextOfJob(), ...context }),
    worker(overrides = {}) {
      const process = scanSiteProcessor(deps(overrides));
      return (scanId) => process({ scanId, offer: 0 }, contextOfJob());
    },
    async queuedScan() {
      const params = scanParamsSchema.parse({ mode: 'quick', timeoutMs: 5_000 });
      return (await scans.create({ requestedUrl: 'https://site.test/', params })).id;
    },
    async lose(scanId) {
      await scans.claim(scanId, { workerId: 'worker-2', leaseMs: LEASE_MS, attemptsMax: ATTEMPTS_MAX });
      await test.sql(`UPDATE scan_results SET lease_until = now() - interval '1 s' WHERE id = $1`, [scanId]);
    },
    async takeOver(scanId) {
      await test.sql(
        `UPDATE scan_results SET lease_until = now() - interval '1 s' WHERE id = $1 AND status = 'running'`,
        [scanId],
      );
      await scans.claim(scanId, { workerId: 'worker-2', leaseMs: LEASE_MS, attemptsMax: ATTEMPTS_MAX });
    },
    outboxOf: (scanId) =>
      test.sql(`SELECT queue FROM outbox_events WHERE payload ->> 'scanId' = $1 ORDER BY sequence`, [scanId]),
    attemptFolders: (scanId) => readdir(join(folder, 'scans', scanId)).catch(() => []),
    async storedObservation(scanId) {
      const artifact = await scans.observationArtifact(scanId);
      if (!artifact) throw new Error('no observation is stored');
      return JSON.parse(
        gunzipSync(await artifacts.get(artifact.key, artifact)).toString(),
      ) as SiteObservation;
    },
    async metric(name) {
      const { values } = (await metrics.registry.getSingleMetric(name)?.get()) ?? { values: [] };
      return values.reduce((sum, { value }) => sum + value, 0);
    },
    async close() {
      await database.close();
      await test.drop();
      await rm(folder, { recursive: true });
    },
  };
}

function contextOfJob(): JobContext {
  return { signal: new AbortController().signal, attempt: 1, isLastAttempt: false, log: silentLogger };
}

/** What an engine does that makes a file of a scan. */
export const savesFile: NonNullable<ScanSiteDeps['scanSite']> = async (_url, options) => {
  const bytes = Buffer.from(JSON.stringify({ value: options.redactCookieValue?.(CANARY) ?? CANARY }));
  const file = { kind: 'har', name: 'requests.har', contentType: 'application/json', bytes } as const;
  const reference = await options.saveFile?.(file);
  if (reference === undefined) throw new Error('nobody stores files');
  const facts = {
    sizeBytes: bytes.length,
    sha256: 'ab',
    pageUrl: null,
    atMs: 1,
    width: null,
    height: null,
  };
  const { kind, name, contentType } = file;
  return observedSite({ files: [{ kind, name, contentType, reference, ...facts }] });
};
