import { setTimeout as delay } from 'node:timers/promises';
import type { SiteObservation } from '@cookie-scanner/contracts';
import { AppError } from '@cookie-scanner/errors';
import { JobAborted } from '@cookie-scanner/queues';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { observedSite } from '../observation.test.helper.ts';
import { untilAborted } from '../until-aborted.ts';
import {
  ATTEMPTS_MAX,
  openProcessor,
  savesFile,
  type ProcessorUnderTest,
} from './scan-site.processor.test.helper.ts';
import type { ScanSiteDeps } from './scan-site.processor.ts';

describe('a scan whose attempt goes wrong', () => {
  let processor: ProcessorUnderTest;
  beforeAll(async () => {
    processor = await openProcessor();
  });
  afterAll(() => processor.close());
  beforeEach(() => processor.reset());

  it('leaves no file of an attempt that failed or lost its scan', async () => {
    const failing = await processor.queuedScan();
    const fails: ScanSiteDeps['scanSite'] = async (url, options) => {
      await savesFile(url, options);
      throw new AppError('BROWSER_UNAVAILABLE', 'it broke');
    };
    await expect(processor.run(failing, { scanSite: fails })).rejects.toThrow('it broke');
    await expect(processor.attemptFolders(failing)).resolves.toEqual([]);

    const lost = await processor.queuedScan();
    await processor.run(lost, {
      async scanSite(url, options) {
        const observation = await savesFile(url, options);
        await processor.takeOver(lost);
        return observation;
      },
    });
    await expect(processor.attemptFolders(lost)).resolves.toEqual([]);
  });

  it('keeps the files of a result whose commit went through while its answer was lost', async () => {
    const scanId = await processor.queuedScan();
    const { scans } = processor;
    const finish: typeof scans.finish = async (id, result) => {
      await scans.finish(id, result);
      throw new AppError('DATABASE_UNAVAILABLE', 'the answer was lost');
    };
    await expect(processor.run(scanId, { scans: { ...scans, finish } })).rejects.toThrow('answer was lost');
    await expect(processor.storedObservation(scanId)).resolves.toMatchObject({ status: 'success' });
    await expect(scans.find(scanId)).resolves.toMatchObject({ status: 'success', attempt: 1 });
  });

  it('breaks a scan off and writes nothing when its lease is refused', async () => {
    const scanId = await processor.queuedScan();
    const broken = processor.run(scanId, {
      leaseMs: 200,
      async scanSite(_url, { signal }) {
        await processor.takeOver(scanId);
        return untilAborted(new Promise<never>(() => undefined), signal ?? AbortSignal.abort());
      },
    });

    await expect(broken).rejects.toMatchObject({ name: 'RetryLater' });
    await expect(processor.scans.find(scanId)).resolves.toMatchObject({ status: 'running', attempt: 2 });
    await expect(processor.metric('scan_leases_lost_total')).resolves.toBe(1);
  });

  it('hands a scan back without holding it against the scan when the worker is stopped', async () => {
    const scanId = await processor.queuedScan();
    const stop = new AbortController();
    const stopped = processor.run(
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
    await expect(processor.scans.find(scanId)).resolves.toMatchObject({ status: 'queued' });
    await expect(
      processor.database.sql('SELECT attempt - released_count AS charged FROM scan_results WHERE id = $1', [
        scanId,
      ]),
    ).resolves.toEqual([{ charged: 0 }]);
    expect(processor.progress().at(-1)).toMatchObject({ stage: 'queued' });
  });

  it('gives a scan back for another attempt when the browser fails, and ends it after the last one', async () => {
    const scanId = await processor.queuedScan();
    const scanSite = (): Promise<SiteObservation> =>
      Promise.reject(new AppError('BROWSER_UNAVAILABLE', 'the browser failed'));

    await expect(processor.run(scanId, { scanSite })).rejects.toMatchObject({ code: 'BROWSER_UNAVAILABLE' });
    await expect(processor.scans.find(scanId)).resolves.toMatchObject({ status: 'queued' });

    await expect(processor.run(scanId, { scanSite }, { isLastAttempt: true })).rejects.toMatchObject({
      code: 'BROWSER_UNAVAILABLE',
    });
    await expect(processor.scans.find(scanId)).resolves.toMatchObject({
      status: 'failed',
      statusReason: 'browser_unavailable',
    });
    expect(processor.progress().at(-1)).toMatchObject({ stage: 'finished' });
    await expect(processor.metric('scan_attempts_failed_total')).resolves.toBe(2);
  });

  it('ends a scan as failed when its result cannot be stored, after the last attempt', async () => {
    const scanId = await processor.queuedScan();
    const full = {
      ...processor.artifacts,
      put: () => Promise.reject(new AppError('ARTIFACT_STORE_UNAVAILABLE', 'the disk is full')),
    };

    await expect(processor.run(scanId, { artifacts: full }, { isLastAttempt: true })).rejects.toThrow('full');
    await expect(processor.scans.find(scanId)).resolves.toMatchObject({
      status: 'failed',
      statusReason: 'storage_unavailable',
    });
  });

  it('ends a scan as failed when a bug hits its last attempt', async () => {
    const scanId = await processor.queuedScan();
    const scanSite = (): Promise<SiteObservation> => Promise.reject(new TypeError('undefined is not a site'));

    await expect(processor.run(scanId, { scanSite }, { isLastAttempt: true })).rejects.toThrow(TypeError);
    await expect(processor.scans.find(scanId)).resolves.toMatchObject({
      status: 'failed',
      statusReason: 'internal_error',
    });
  });

  it('takes an engine for broken that does not end a scan by itself', async () => {
    const scanId = await processor.queuedScan();
    const stuck = processor.run(scanId, {
      hardLimitGraceMs: -4_950,
      scanSite: (_url, { signal }) =>
        untilAborted(new Promise<never>(() => undefined), signal ?? AbortSignal.abort()),
    });

    await expect(stuck).rejects.toMatchObject({ code: 'BROWSER_UNAVAILABLE' });
    await expect(processor.scans.find(scanId)).resolves.toMatchObject({ status: 'queued' });
  });

  it('ends a scan that keeps killing its workers as worker_crashed', async () => {
    const scanId = await processor.queuedScan();
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) await processor.takeOver(scanId);
    await processor.database.sql('UPDATE scan_results SET lease_until = now() WHERE id = $1', [scanId]);

    await processor.run(scanId, { scanSite: () => Promise.reject(new Error('must not scan')) });

    await expect(processor.scans.find(scanId)).resolves.toMatchObject({
      status: 'failed',
      statusReason: 'worker_crashed',
    });
  });

  it('takes no scan while this worker can run none, at no cost to the scan', async () => {
    const scanId = await processor.queuedScan();
    await expect(processor.run(scanId, { problem: () => 'the disk is full' })).rejects.toMatchObject({
      name: 'RetryLater',
      message: expect.stringContaining('the disk is full'),
    });
    await expect(processor.scans.find(scanId)).resolves.toMatchObject({ status: 'queued', attempt: 0 });
  });

  it('ends a scan at once whose access cannot be decrypted, and forgets it', async () => {
    const { id } = await processor.scans.create({
      requestedUrl: 'https://site.test/',
      params: {},
      sealAccess: () => Buffer.from('nonsense that nobody can decrypt'),
    });
    await expect(processor.run(id)).rejects.toMatchObject({ code: 'ACCESS_UNREADABLE' });
    await expect(processor.scans.find(id)).resolves.toMatchObject({
      status: 'failed',
      statusReason: 'access_unreadable',
    });
    const sealed = await processor.database.sql('SELECT access_sealed FROM scan_results WHERE id = $1', [id]);
    expect(sealed).toEqual([{ access_sealed: null }]);
  });

  it.each([
    ['EGRESS_UNAVAILABLE', 'egress_unavailable'],
    ['RESOURCE_LIMIT', 'resource_limit'],
  ] as const)('says of a scan that %s ended at its last attempt: %s', async (code, statusReason) => {
    const scanId = await processor.queuedScan();
    const scanSite = (): Promise<SiteObservation> => Promise.reject(new AppError(code, 'it failed'));
    await expect(processor.run(scanId, { scanSite }, { isLastAttempt: true })).rejects.toMatchObject({
      code,
    });
    await expect(processor.scans.find(scanId)).resolves.toMatchObject({ status: 'failed', statusReason });
  });

  it('works on one scan with its last chance at a time, and on others beside it', async () => {
    const [first, second, fresh] = await Promise.all([1, 2, 3].map(() => processor.queuedScan()));
    if (!first || !second || !fresh) throw new Error('no scans');
    for (const id of [first, second])
      for (let lost = 1; lost < ATTEMPTS_MAX; lost += 1) await processor.lose(id);
    const gate = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const work = processor.worker({
      async scanSite() {
        begun.resolve();
        await gate.promise;
        return observedSite();
      },
    });
    const running = work(first);
    await begun.promise;

    await expect(work(second)).rejects.toMatchObject({ name: 'RetryLater' });
    await expect(processor.scans.find(second)).resolves.toMatchObject({ attempt: ATTEMPTS_MAX - 1 });
    const beside = work(fresh);
    while ((await processor.scans.find(fresh))?.status !== 'running') await delay(20);
    gate.resolve();
    await Promise.all([running, beside]);
    await work(second);
    for (const id of [first, second, fresh]) {
      await expect(processor.scans.find(id)).resolves.toMatchObject({ status: 'success' });
    }
  });
});
