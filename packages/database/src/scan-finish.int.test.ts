import { scanParamsSchema } from '@cookie-scanner/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { silentLogger } from '@cookie-scanner/observability';
import { openDatabase, type Database } from './open-database.ts';
import type { FinishedScan } from './scan-finish.ts';
import { scanRepository, type ScanRepository } from './scan.repository.ts';
import { createTestDatabase, type TestDatabase } from './testing/create-test-database.ts';
import { sampleCookie, sampleObservation, sampleTotals } from '@cookie-scanner/contracts/testing';

const CLOSED_PAGE = { url: 'https://shop.example/closed', reason: 'robots_disallowed' } as const;

describe('finishing a scan', () => {
  let test: TestDatabase;
  let database: Database;
  let scans: ScanRepository;
  const options = { workerId: 'worker-1', leaseMs: 60_000, attemptsMax: 3 };
  const artifact = { key: 'scans/1/observation.json.gz', sha256: 'cd'.repeat(32), sizeBytes: 512 };

  beforeAll(async () => {
    test = await createTestDatabase();
    database = openDatabase({ url: test.url, logger: silentLogger });
    scans = scanRepository(database);
  });
  afterAll(async () => {
    await database.close();
    await test.drop();
  });

  const claimed = async (): Promise<string> => {
    const { id } = await scans.create({
      requestedUrl: 'https://shop.example/',
      params: scanParamsSchema.parse({ mode: 'quick', timeoutMs: 60_000 }),
    });
    await scans.claim(id, options);
    return id;
  };
  const result = (change: Partial<FinishedScan> = {}): FinishedScan => ({
    attempt: 1,
    workerId: 'worker-1',
    observation: sampleObservation([sampleCookie(), sampleCookie({ name: 'second' })]),
    totals: sampleTotals(2),
    artifact,
    valuesKept: false,
    ...change,
  });
  const outboxOf = (id: string): Promise<{ queue: string }[]> =>
    test.sql(`SELECT queue FROM outbox_events WHERE payload->>'scanId' = $1 ORDER BY sequence`, [id]);

  it('stores outcome, cookies, the place of the observation and the request to analyse it', async () => {
    const id = await claimed();
    expect(await scans.finish(id, result())).toBe('committed');
    expect(await scans.find(id)).toMatchObject({
      status: 'success',
      statusReason: null,
      finalUrl: 'https://shop.example/',
      durationMs: 1_235,
      totals: sampleTotals(2),
      finishedAt: expect.any(String),
    });
    expect((await scans.listCookies(id, { cursor: null, limit: 10 }))?.items).toHaveLength(2);
    expect(await scans.observationArtifact(id)).toEqual({ ...artifact, valuesKept: false, isExpired: false });
    expect(await outboxOf(id)).toEqual([{ queue: 'scan-site' }, { queue: 'analyse-scan' }]);
  });

  it('writes nothing for an attempt that lost the scan, and one result for the one that has it', async () => {
    const id = await claimed();
    await test.sql(`UPDATE scan_results SET lease_until = now() - interval '1 ms' WHERE id = $1`, [id]);
    await scans.claim(id, { ...options, workerId: 'worker-2' });

    expect(await scans.finish(id, result())).toBe('fenced');
    expect(await scans.find(id)).toMatchObject({ status: 'running', attempt: 2, totals: null });
    expect((await scans.listCookies(id, { cursor: null, limit: 10 }))?.items).toEqual([]);

    const observation = { ...result().observation, skippedPages: [CLOSED_PAGE] };
    const second = result({ attempt: 2, workerId: 'worker-2', observation });
    expect(await scans.finish(id, second)).toBe('committed');
    expect(await scans.find(id)).toMatchObject({ skippedPages: [CLOSED_PAGE] });
    expect(await scans.finish(id, result({ attempt: 2, workerId: 'worker-2' }))).toBe('fenced');
    expect((await scans.listCookies(id, { cursor: null, limit: 10 }))?.items).toHaveLength(2);
    expect(await outboxOf(id)).toEqual([{ queue: 'scan-site' }, { queue: 'analyse-scan' }]);
  });

  it('writes nothing once the scan was offered to others, even by the newest attempt', async () => {
    const id = await claimed();
    await test.sql(`UPDATE scan_results SET lease_until = now() - interval '1 ms' WHERE id = $1`, [id]);
    expect((await scans.reofferStale({ queuedOlderThanMs: 60_000, limit: 10 })).offered).toBe(1);
    expect(await scans.finish(id, result())).toBe('fenced');
    expect(await scans.find(id)).toMatchObject({ status: 'queued' });
  });

  it('still succeeds when the lease ran out but nobody took the scan', async () => {
    const id = await claimed();
    await test.sql(`UPDATE scan_results SET lease_until = now() - interval '1 ms' WHERE id = $1`, [id]);
    expect(await scans.finish(id, result())).toBe('committed');
  });

  it('leaves nothing behind when a part of it is refused', async () => {
    const id = await claimed();
    const broken = {
      ...sampleObservation(),
      cookies: [sampleCookie(), { ...sampleCookie(), sizeBytes: -1 }],
    };
    await expect(scans.finish(id, result({ observation: broken }))).rejects.toThrow(
      /cookies_size_not_negative/,
    );
    expect(await scans.find(id)).toMatchObject({ status: 'running', finishedAt: null, totals: null });
    expect(await outboxOf(id)).toEqual([{ queue: 'scan-site' }]);
    expect(await scans.finish(id, result())).toBe('committed');
  });

  it('takes a failed site as an outcome with its reason and observation', async () => {
    const id = await claimed();
    const observation = sampleObservation([], {
      status: 'failed',
      statusReason: 'dns_error',
      finalUrl: null,
    });
    expect(await scans.finish(id, result({ observation, totals: sampleTotals(0) }))).toBe('committed');
    expect(await scans.find(id)).toMatchObject({
      status: 'failed',
      statusReason: 'dns_error',
      finalUrl: null,
    });
    expect(await scans.observationArtifact(id)).toEqual({ ...artifact, valuesKept: false, isExpired: false });
  });

  it('takes hostile text everywhere a website can put it', async () => {
    const id = await claimed();
    const hostile = 'x\0\ud800\u202e<script>';
    const observation = sampleObservation([sampleCookie()], { statusReason: hostile, status: 'partial' });
    observation.finalUrl = `https://shop.example/${hostile}${'y'.repeat(20_000)}`;
    observation.quality.notes = [hostile];
    expect(await scans.finish(id, result({ observation }))).toBe('committed');
    const scan = await scans.find(id);
    expect(scan?.statusReason).toBe(hostile);
    expect(scan?.finalUrl).toMatch(/^https:\/\/shop\.example\/x\0.+…$/);
  });

  it('ends a scan without a result once, for the attempt that holds it, and tells people', async () => {
    const id = await claimed();
    const end = { status: 'failed', statusReason: 'browser_unavailable' } as const;
    expect(await scans.finishWithoutResult(id, { ...end, attempt: 2 })).toBe('fenced');
    expect(await scans.finishWithoutResult(id, { ...end, attempt: 1 })).toBe('committed');
    expect(await scans.finishWithoutResult(id, { ...end, attempt: 1 })).toBe('fenced');
    expect(await scans.find(id)).toMatchObject({ status: 'failed', statusReason: 'browser_unavailable' });
    expect(await outboxOf(id)).toEqual([{ queue: 'scan-site' }, { queue: 'send-notification' }]);
    expect(await scans.observationArtifact(id)).toBeNull();
  });
});
