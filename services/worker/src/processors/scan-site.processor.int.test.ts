import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { openArtifactStore, type ArtifactStore } from '@cookie-scanner/artifacts';
import { scanParamsSchema, type ScanProgress, type SiteObservation } from '@cookie-scanner/contracts';
import { openDatabase, scanRepository, type Database, type ScanRepository } from '@cookie-scanner/database';
import { createTestDatabase, type TestDatabase } from '@cookie-scanner/database/testing';
import { AppError } from '@cookie-scanner/errors';
import { createMetrics, silentLogger } from '@cookie-scanner/observability';
import { JobAborted, type JobContext } from '@cookie-scanner/queues';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { observedCookie, observedSite } from '../observation.test.helper.ts';
import { untilAborted } from '../until-aborted.ts';
import { workerMetrics } from '../worker-metrics.ts';
import { scanSiteProcessor, type ScanSiteDeps } from './scan-site.processor.ts';

const CANARY = 'canary-4711';
const LEASE_MS = 60_000;
const ATTEMPTS_MAX = 3;

describe('scanning the site of a scan', () => {
  let testDatabase: TestDatabase;
  let database: Database;
  let scans: ScanRepository;
  let folder: string;
  let artifacts: ArtifactStore;
  let progress: ScanProgress[];
  let metrics: ReturnType<typeof createMetrics>;

  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    database = openDatabase({ url: testDatabase.url, logger: silentLogger });
    scans = scanRepository(database);
    folder = await mkdtemp(join(tmpdir(), 'worker-test-'));
    artifacts = openArtifactStore({ dir: folder });
  });
  afterAll(async () => {
    await database.close();
    await testDatabase.drop();
    await rm(folder, { recursive: true });
  });
  beforeEach(() => {
    progress = [];
    metrics = createMetrics('worker');
  });

  function deps(overrides: Partial<ScanSiteDeps> = {}): ScanSiteDeps {
    return {
      scans,
      artifacts,
      scanSite: async () => observedSite({ cookies: [observedCookie({ value: CANARY })] }),
      publish: async (sign) => void progress.push(sign),
      metrics: workerMetrics(metrics),
      workerId: 'worker-1',
      leaseMs: LEASE_MS,
      attemptsMax: ATTEMPTS_MAX,
      hardLimitGraceMs: 30_000,
      storeCookieValues: false,
      valueHashKey: 'key',
      ...overrides,
    };
  }

  function run(scanId: string, overrides: Partial<ScanSiteDeps> = {}, context: Partial<JobContext> = {}) {
    return scanSiteProcessor(deps(overrides))(
      { scanId, offer: 0 },
      {
        signal: new AbortController().signal,
        attempt: 1,
        isLastAttempt: false,
        log: silentLogger,
        ...context,
      },
    );
  }

  async function queuedScan(): Promise<string> {
    const scan = await scans.create({
      requestedUrl: 'https://site.test/',
      params: scanParamsSchema.parse({ mode: 'quick', timeoutMs: 5_000 }),
    });
    return scan.id;
  }

  /** Takes the scan away from whoever has it, as after an expired lease. */
  async function takeOver(scanId: string): Promise<void> {
    await testDatabase.sql(
      `UPDATE scan_results SET lease_until = now() - interval '1 s' WHERE id = $1 AND status = 'running'`,
      [scanId],
    );
    await scans.claim(scanId, { workerId: 'worker-2', leaseMs: LEASE_MS, attemptsMax: ATTEMPTS_MAX });
  }

  const outboxOf = (scanId: string): Promise<{ queue: string }[]> =>
    testDatabase.sql(`SELECT queue FROM outbox_events WHERE payload ->> 'scanId' = $1 ORDER BY sequence`, [
      scanId,
    ]);

  const attemptFolders = (scanId: string): Promise<string[]> =>
    readdir(join(folder, 'scans', scanId)).catch(() => []);

  async function storedObservation(scanId: string): Promise<SiteObservation> {
    const artifact = await scans.observationArtifact(scanId);
    if (!artifact) throw new Error('no observation is stored');
    return JSON.parse(gunzipSync(await artifacts.get(artifact.key, artifact)).toString()) as SiteObservation;
  }

  async function metric(name: string): Promise<number> {
    const { values } = (await metrics.registry.getSingleMetric(name)?.get()) ?? { values: [] };
    return values.reduce((sum, { value }) => sum + value, 0);
  }

  it('stores result, cookies, observation and the request to analyse it, and tells how far it is', async () => {
    const scanId = await queuedScan();
    const counts = { pagesDone: 1, pagesKnown: 1, cookiesSeen: 1, consentState: null };

    await run(scanId, {
      async scanSite(_url, options) {
        options.onProgress?.({ stage: 'collecting', ...counts });
        return observedSite({ cookies: [observedCookie({ value: CANARY })] });
      },
    });

    await expect(scans.find(scanId)).resolves.toMatchObject({
      status: 'success',
      attempt: 1,
      durationMs: 1_234,
      totals: { cookies: 1, firstPartyCookies: 1 },
    });
    await expect(scans.listCookies(scanId, { cursor: null, limit: 10 })).resolves.toMatchObject({
      items: [{ name: 'sid', valueHash: expect.stringMatching(/^[0-9a-f]{64}$/) }],
    });
    await expect(storedObservation(scanId)).resolves.toMatchObject({ cookies: [{ name: 'sid' }] });
    await expect(outboxOf(scanId)).resolves.toEqual([{ queue: 'scan-site' }, { queue: 'analyse-scan' }]);
    expect(progress).toMatchObject([
      { scanId, attempt: 1, stage: 'claimed', cookiesSeen: 0 },
      { stage: 'collecting', ...counts },
      { stage: 'storing', ...counts },
      { stage: 'finished', ...counts },
    ]);
  });

  it('keeps no value of a cookie unless told to', async () => {
    const scanId = await queuedScan();
    await run(scanId);

    const observation = await storedObservation(scanId);
    expect(JSON.stringify(observation)).not.toContain(CANARY);
    expect(observation.cookies[0]?.valueHash).toMatch(/^[0-9a-f]{64}$/);
    await expect(scans.observationArtifact(scanId)).resolves.toMatchObject({ valuesKept: false });
  });

  it('keeps the values in the observation alone when told to', async () => {
    const scanId = await queuedScan();
    await run(scanId, { storeCookieValues: true });

    await expect(storedObservation(scanId)).resolves.toMatchObject({ cookies: [{ value: CANARY }] });
    await expect(scans.observationArtifact(scanId)).resolves.toMatchObject({ valuesKept: true });
    const rows = await testDatabase.sql('SELECT row_to_json(c) AS row FROM cookies c WHERE scan_id = $1', [
      scanId,
    ]);
    expect(JSON.stringify(rows)).not.toContain(CANARY);
  });

  /** What an engine does that makes a file of a scan. */
  const savesFile: NonNullable<ScanSiteDeps['scanSite']> = async (_url, options) => {
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

  it('stores the files of a scan under its attempt, with no value of a cookie in them', async () => {
    const scanId = await queuedScan();
    await run(scanId, { scanSite: savesFile });
    const [file] = (await storedObservation(scanId)).files;
    expect(file?.reference).toBe(`scans/${scanId}/1/files/requests.har.gz`);
    const text = gunzipSync(await artifacts.get(file?.reference ?? '')).toString();
    expect(text).toMatch(/^\{"value":"[0-9a-f]{64}"\}$/);
  });

  it('leaves no file of an attempt that failed or lost its scan', async () => {
    const failing = await queuedScan();
    const fails: ScanSiteDeps['scanSite'] = async (url, options) => {
      await savesFile(url, options);
      throw new AppError('BROWSER_UNAVAILABLE', 'it broke');
    };
    await expect(run(failing, { scanSite: fails })).rejects.toThrow('it broke');
    await expect(attemptFolders(failing)).resolves.toEqual([]);

    const lost = await queuedScan();
    await run(lost, {
      async scanSite(url, options) {
        const observation = await savesFile(url, options);
        await takeOver(lost);
        return observation;
      },
    });
    await expect(attemptFolders(lost)).resolves.toEqual([]);
  });

  it('stores a site that failed as an outcome', async () => {
    const scanId = await queuedScan();
    const unreachable = observedSite({ status: 'failed', statusReason: 'dns_not_found', cookies: [] });
    await run(scanId, { scanSite: async () => unreachable });

    await expect(scans.find(scanId)).resolves.toMatchObject({
      status: 'failed',
      statusReason: 'dns_not_found',
      reports: [],
    });
  });

  it('does nothing for a scan that does not exist or is over', async () => {
    const scanSite = (): Promise<SiteObservation> => Promise.reject(new Error('must not scan'));
    const scanId = await queuedScan();
    await run(scanId);

    await expect(run(randomUUID(), { scanSite })).resolves.toBeUndefined();
    await expect(run(scanId, { scanSite })).resolves.toBeUndefined();
    await expect(metric('scan_duplicate_deliveries_total')).resolves.toBe(1);
  });

  it('asks for later, at no cost, while another worker holds the scan', async () => {
    const scanId = await queuedScan();
    await scans.claim(scanId, { workerId: 'worker-2', leaseMs: LEASE_MS, attemptsMax: ATTEMPTS_MAX });

    await expect(run(scanId)).rejects.toMatchObject({ name: 'RetryLater', delayMs: LEASE_MS / 4 });
  });

  it('lets one of two workers scan when both get the job at once', async () => {
    const scanId = await queuedScan();
    const results = await Promise.allSettled([run(scanId), run(scanId, { workerId: 'worker-2' })]);

    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await expect(scans.find(scanId)).resolves.toMatchObject({ status: 'success', attempt: 1 });
  });

  it('writes nothing and leaves nothing behind when another attempt took the scan meanwhile', async () => {
    const scanId = await queuedScan();
    await run(scanId, {
      async scanSite() {
        await takeOver(scanId);
        return observedSite();
      },
    });

    await expect(scans.find(scanId)).resolves.toMatchObject({ status: 'running', attempt: 2 });
    await expect(attemptFolders(scanId)).resolves.toEqual([]);
    await expect(outboxOf(scanId)).resolves.toEqual([{ queue: 'scan-site' }]);
    await expect(metric('scan_writes_fenced_total')).resolves.toBe(1);
  });

  it('deletes what earlier attempts left behind once a later one is stored', async () => {
    const scanId = await queuedScan();
    await scans.claim(scanId, { workerId: 'dead', leaseMs: 0, attemptsMax: ATTEMPTS_MAX });
    await artifacts.put(`scans/${scanId}/1/observation.json.gz`, Buffer.from('left behind'));
    await takeOver(scanId);
    await scans.releaseClaim(scanId, { attempt: 2 });

    await run(scanId);

    await expect(attemptFolders(scanId)).resolves.toEqual(['3']);
    await expect(storedObservation(scanId)).resolves.toMatchObject({ version: 1 });
  });

  it('keeps the observation of a result whose commit was not confirmed', async () => {
    const scanId = await queuedScan();
    const lostAnswer: ScanSiteDeps['scans'] = {
      ...scans,
      async finish(id, result) {
        await scans.finish(id, result);
        return scans.finish(id, result);
      },
    };
    await run(scanId, { scans: lostAnswer });

    await expect(storedObservation(scanId)).resolves.toMatchObject({ version: 1 });
    await expect(metric('scan_writes_fenced_total')).resolves.toBe(0);
  });

  it('breaks a scan off and writes nothing when its lease is refused', async () => {
    const scanId = await queuedScan();
    const broken = run(scanId, {
      leaseMs: 200,
      async scanSite(_url, { signal }) {
        await takeOver(scanId);
        return untilAborted(new Promise<never>(() => undefined), signal ?? AbortSignal.abort());
      },
    });

    await expect(broken).rejects.toMatchObject({ name: 'RetryLater' });
    await expect(scans.find(scanId)).resolves.toMatchObject({ status: 'running', attempt: 2 });
    await expect(metric('scan_leases_lost_total')).resolves.toBe(1);
  });

  it('hands a scan back without holding it against the scan when the worker is stopped', async () => {
    const scanId = await queuedScan();
    const stop = new AbortController();
    const stopped = run(
      scanId,
      {
        scanSite(_url, { signal }) {
          stop.abort(new JobAborted('shutdown'));
          return untilAborted(new Promise<never>(() => undefined), signal ?? AbortSignal.abort());
        },
      },
      { signal: stop.signal, isLastAttempt: true },
    );

    await expect(stopped).rejects.toMatchObject({ kind: 'shutdown' });
    await expect(scans.find(scanId)).resolves.toMatchObject({ status: 'queued' });
    await expect(
      testDatabase.sql('SELECT attempt - released_count AS charged FROM scan_results WHERE id = $1', [
        scanId,
      ]),
    ).resolves.toEqual([{ charged: 0 }]);
    expect(progress.at(-1)).toMatchObject({ stage: 'queued' });
  });

  it('gives a scan back for another attempt when the browser fails, and ends it after the last one', async () => {
    const scanId = await queuedScan();
    const scanSite = (): Promise<SiteObservation> =>
      Promise.reject(new AppError('BROWSER_UNAVAILABLE', 'the browser failed'));

    await expect(run(scanId, { scanSite })).rejects.toMatchObject({ code: 'BROWSER_UNAVAILABLE' });
    await expect(scans.find(scanId)).resolves.toMatchObject({ status: 'queued' });

    await expect(run(scanId, { scanSite }, { isLastAttempt: true })).rejects.toMatchObject({
      code: 'BROWSER_UNAVAILABLE',
    });
    await expect(scans.find(scanId)).resolves.toMatchObject({
      status: 'failed',
      statusReason: 'browser_unavailable',
    });
    expect(progress.at(-1)).toMatchObject({ stage: 'finished' });
    await expect(metric('scan_attempts_failed_total')).resolves.toBe(2);
  });

  it('ends a scan as failed when its result cannot be stored, after the last attempt', async () => {
    const scanId = await queuedScan();
    const full = {
      ...artifacts,
      put: () => Promise.reject(new AppError('ARTIFACT_STORE_UNAVAILABLE', 'the disk is full')),
    };

    await expect(run(scanId, { artifacts: full }, { isLastAttempt: true })).rejects.toThrow('full');
    await expect(scans.find(scanId)).resolves.toMatchObject({
      status: 'failed',
      statusReason: 'storage_unavailable',
    });
  });

  it('ends a scan as failed when a bug hits its last attempt', async () => {
    const scanId = await queuedScan();
    const scanSite = (): Promise<SiteObservation> => Promise.reject(new TypeError('undefined is not a site'));

    await expect(run(scanId, { scanSite }, { isLastAttempt: true })).rejects.toThrow(TypeError);
    await expect(scans.find(scanId)).resolves.toMatchObject({
      status: 'failed',
      statusReason: 'internal_error',
    });
  });

  it('takes an engine for broken that does not end a scan by itself', async () => {
    const scanId = await queuedScan();
    const stuck = run(scanId, {
      hardLimitGraceMs: -4_950,
      scanSite: (_url, { signal }) =>
        untilAborted(new Promise<never>(() => undefined), signal ?? AbortSignal.abort()),
    });

    await expect(stuck).rejects.toMatchObject({ code: 'BROWSER_UNAVAILABLE' });
    await expect(scans.find(scanId)).resolves.toMatchObject({ status: 'queued' });
  });

  it('ends a scan that keeps killing its workers as worker_crashed', async () => {
    const scanId = await queuedScan();
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) await takeOver(scanId);
    await testDatabase.sql('UPDATE scan_results SET lease_until = now() WHERE id = $1', [scanId]);

    await run(scanId, { scanSite: () => Promise.reject(new Error('must not scan')) });

    await expect(scans.find(scanId)).resolves.toMatchObject({
      status: 'failed',
      statusReason: 'worker_crashed',
    });
  });

  it('counts what runs, and nothing once it is over', async () => {
    const scanId = await queuedScan();
    let running = NaN;
    await run(scanId, {
      async scanSite() {
        running = await metric('scans_running');
        return observedSite();
      },
    });

    expect(running).toBe(1);
    await expect(metric('scans_running')).resolves.toBe(0);
    await expect(metric('scans_finished_total')).resolves.toBe(1);
  });
});
