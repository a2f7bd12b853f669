import { randomUUID } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { sealAccess } from '@cookie-scanner/auth';
import { siteAccessSchema, type SiteObservation } from '@cookie-scanner/contracts';
import { AppError } from '@cookie-scanner/errors';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { observedCookie, observedSite } from '../observation.test.helper.ts';
import {
  ATTEMPTS_MAX,
  CANARY,
  LEASE_MS,
  openProcessor,
  savesFile,
  TEST_KEYS,
  type ProcessorUnderTest,
} from './scan-site.processor.test.helper.ts';
import type { ScanSiteDeps } from './scan-site.processor.ts';

describe('scanning the site of a scan', () => {
  let processor: ProcessorUnderTest;
  beforeAll(async () => {
    processor = await openProcessor();
  });
  afterAll(() => processor.close());
  beforeEach(() => processor.reset());

  it('stores result, cookies, observation and the request to analyse it, and tells how far it is', async () => {
    const scanId = await processor.queuedScan();
    const counts = { pagesDone: 1, pagesKnown: 1, cookiesSeen: 1, consentState: null };

    await processor.run(scanId, {
      async scanSite(_url, options) {
        options.onProgress?.({ stage: 'collecting', ...counts });
        return observedSite({ cookies: [observedCookie({ value: CANARY })] });
      },
    });

    await expect(processor.scans.find(scanId)).resolves.toMatchObject({
      status: 'success',
      attempt: 1,
      durationMs: 1_234,
      totals: { cookies: 1, firstPartyCookies: 1 },
    });
    await expect(processor.scans.listCookies(scanId, { cursor: null, limit: 10 })).resolves.toMatchObject({
      items: [{ name: 'sid', valueHash: expect.stringMatching(/^[0-9a-f]{64}$/) }],
    });
    await expect(processor.storedObservation(scanId)).resolves.toMatchObject({ cookies: [{ name: 'sid' }] });
    await expect(processor.outboxOf(scanId)).resolves.toEqual([
      { queue: 'scan-site' },
      { queue: 'analyse-scan' },
    ]);
    expect(processor.progress()).toMatchObject([
      { scanId, attempt: 1, stage: 'claimed', cookiesSeen: 0 },
      { stage: 'collecting', ...counts },
      { stage: 'storing', ...counts },
      { stage: 'finished', ...counts },
    ]);
  });

  it('keeps no value of a cookie unless told to', async () => {
    const scanId = await processor.queuedScan();
    await processor.run(scanId);

    const observation = await processor.storedObservation(scanId);
    expect(JSON.stringify(observation)).not.toContain(CANARY);
    expect(observation.cookies[0]?.valueHash).toMatch(/^[0-9a-f]{64}$/);
    await expect(processor.scans.observationArtifact(scanId)).resolves.toMatchObject({ valuesKept: false });
  });

  it('keeps the values in the observation alone when told to', async () => {
    const scanId = await processor.queuedScan();
    await processor.run(scanId, { storeCookieValues: true });

    await expect(processor.storedObservation(scanId)).resolves.toMatchObject({
      cookies: [{ value: CANARY }],
    });
    await expect(processor.scans.observationArtifact(scanId)).resolves.toMatchObject({ valuesKept: true });
    const rows = await processor.database.sql(
      'SELECT row_to_json(c) AS row FROM cookies c WHERE scan_id = $1',
      [scanId],
    );
    expect(JSON.stringify(rows)).not.toContain(CANARY);
  });

  it('stores the files of a scan under its attempt, with no value of a cookie in them', async () => {
    const scanId = await processor.queuedScan();
    await processor.run(scanId, { scanSite: savesFile });
    const [file] = (await processor.storedObservation(scanId)).files;
    expect(file?.reference).toBe(`scans/${scanId}/1/files/requests.har.gz`);
    const text = gunzipSync(await processor.artifacts.get(file?.reference ?? '')).toString();
    expect(text).toMatch(/^\{"value":"[0-9a-f]{64}"\}$/);
  });

  it('hands what opens the site to every attempt, and forgets it when the scan is over', async () => {
    const access = siteAccessSchema.parse({ headers: [{ name: 'X-Preview', value: CANARY }] });
    const { id } = await processor.scans.create({
      requestedUrl: 'https://site.test/',
      params: {},
      sealAccess: (scanId) => sealAccess(TEST_KEYS, scanId, access),
    });
    const given: unknown[] = [];
    const scanSite: ScanSiteDeps['scanSite'] = async (_url, options) => {
      given.push(options.access);
      if (given.length === 1) throw new AppError('BROWSER_UNAVAILABLE', 'it broke');
      return observedSite();
    };
    const kept = async (): Promise<string> =>
      JSON.stringify(await processor.database.sql('SELECT * FROM scan_results WHERE id = $1', [id]));
    await expect(processor.run(id, { scanSite })).rejects.toThrow('it broke');
    expect(await kept()).not.toContain('"access_sealed":null');
    await processor.run(id, { scanSite });

    expect(given).toEqual([access, access]);
    expect(await kept()).toContain('"access_sealed":null');
    await expect(processor.scans.find(id)).resolves.toMatchObject({ status: 'success', access: 'set' });
    const rows = await processor.database.sql('SELECT payload FROM outbox_events');
    expect((await kept()) + JSON.stringify(rows)).not.toContain(CANARY);
  });

  it('stores a site that failed as an outcome', async () => {
    const scanId = await processor.queuedScan();
    const unreachable = observedSite({ status: 'failed', statusReason: 'dns_not_found', cookies: [] });
    await processor.run(scanId, { scanSite: async () => unreachable });

    await expect(processor.scans.find(scanId)).resolves.toMatchObject({
      status: 'failed',
      statusReason: 'dns_not_found',
      reports: [],
    });
  });

  it('does nothing for a scan that does not exist or is over', async () => {
    const scanSite = (): Promise<SiteObservation> => Promise.reject(new Error('must not scan'));
    const scanId = await processor.queuedScan();
    await processor.run(scanId);

    await expect(processor.run(randomUUID(), { scanSite })).resolves.toBeUndefined();
    await expect(processor.run(scanId, { scanSite })).resolves.toBeUndefined();
    await expect(processor.metric('scan_duplicate_deliveries_total')).resolves.toBe(1);
  });

  it('asks for later, at no cost, while another worker holds the scan', async () => {
    const scanId = await processor.queuedScan();
    await processor.scans.claim(scanId, {
      workerId: 'worker-2',
      leaseMs: LEASE_MS,
      attemptsMax: ATTEMPTS_MAX,
    });

    await expect(processor.run(scanId)).rejects.toMatchObject({ name: 'RetryLater', delayMs: LEASE_MS / 4 });
  });

  it('lets one of two workers scan when both get the job at once', async () => {
    const scanId = await processor.queuedScan();
    const refused = Promise.withResolvers<undefined>();
    // The scan lasts until the other worker was refused; else it could be over before that one asks.
    const scanSite = (): Promise<SiteObservation> => refused.promise.then(() => observedSite());
    const results = await Promise.allSettled(
      ['worker-1', 'worker-2'].map(async (workerId) => {
        await processor.run(scanId, { workerId, scanSite }).catch((error: unknown) => {
          refused.resolve(undefined);
          throw error;
        });
      }),
    );

    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await expect(processor.scans.find(scanId)).resolves.toMatchObject({ status: 'success', attempt: 1 });
  });

  it('writes nothing and leaves nothing behind when another attempt took the scan meanwhile', async () => {
    const scanId = await processor.queuedScan();
    await processor.run(scanId, {
      async scanSite() {
        await processor.takeOver(scanId);
        return observedSite();
      },
    });

    await expect(processor.scans.find(scanId)).resolves.toMatchObject({ status: 'running', attempt: 2 });
    await expect(processor.attemptFolders(scanId)).resolves.toEqual([]);
    await expect(processor.outboxOf(scanId)).resolves.toEqual([{ queue: 'scan-site' }]);
    await expect(processor.metric('scan_writes_fenced_total')).resolves.toBe(1);
  });

  it('deletes what earlier attempts left behind once a later one is stored', async () => {
    const scanId = await processor.queuedScan();
    await processor.scans.claim(scanId, { workerId: 'dead', leaseMs: 0, attemptsMax: ATTEMPTS_MAX });
    await processor.artifacts.put(`scans/${scanId}/1/observation.json.gz`, Buffer.from('left behind'));
    await processor.takeOver(scanId);
    await processor.scans.releaseClaim(scanId, { attempt: 2 });

    await processor.run(scanId);

    await expect(processor.attemptFolders(scanId)).resolves.toEqual(['3']);
    await expect(processor.storedObservation(scanId)).resolves.toMatchObject({ version: 1 });
  });

  it('keeps the observation of a result whose commit was not confirmed', async () => {
    const scanId = await processor.queuedScan();
    const lostAnswer: ScanSiteDeps['scans'] = {
      ...processor.scans,
      async finish(id, result) {
        await processor.scans.finish(id, result);
        return processor.scans.finish(id, result);
      },
    };
    await processor.run(scanId, { scans: lostAnswer });

    await expect(processor.storedObservation(scanId)).resolves.toMatchObject({ version: 1 });
    await expect(processor.metric('scan_writes_fenced_total')).resolves.toBe(0);
  });

  it('counts what runs, and nothing once it is over', async () => {
    const scanId = await processor.queuedScan();
    let running = NaN;
    await processor.run(scanId, {
      async scanSite() {
        running = await processor.metric('scans_running');
        return observedSite();
      },
    });

    expect(running).toBe(1);
    await expect(processor.metric('scans_running')).resolves.toBe(0);
    await expect(processor.metric('scans_finished_total')).resolves.toBe(1);
  });
});
