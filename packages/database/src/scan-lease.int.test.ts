import { scanParamsSchema } from '@cookie-scanner/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { silentLogger } from '@cookie-scanner/observability';
import { openDatabase, type Database } from './open-database.ts';
import { scanRepository, type ScanRepository } from './scan.repository.ts';
import { createTestDatabase, type TestDatabase } from './testing/create-test-database.ts';

describe('claiming a scan', () => {
  let test: TestDatabase;
  let database: Database;
  let scans: ScanRepository;
  const options = { workerId: 'worker-1', leaseMs: 60_000, attemptsMax: 3 };
  const params = scanParamsSchema.parse({ mode: 'quick', timeoutMs: 60_000 });

  beforeAll(async () => {
    test = await createTestDatabase();
    database = openDatabase({ url: test.url, logger: silentLogger });
    scans = scanRepository(database);
  });
  afterAll(async () => {
    await database.close();
    await test.drop();
  });

  const queued = async (): Promise<string> =>
    (await scans.create({ requestedUrl: 'https://shop.example/', params })).id;
  const endLease = async (id: string): Promise<void> => {
    await test.sql(`UPDATE scan_results SET lease_until = now() - interval '1 ms' WHERE id = $1`, [id]);
  };

  it('gives a queued scan with its parameters, and raises the attempt', async () => {
    const id = await queued();
    expect(await scans.claim(id, options)).toEqual({
      kind: 'claimed',
      attempt: 1,
      requestedUrl: 'https://shop.example/',
      params,
      accessSealed: null,
      isLastChance: false,
    });
    expect(await scans.find(id)).toMatchObject({
      status: 'running',
      attempt: 1,
      startedAt: expect.any(String),
    });
  });

  it('gives the scan to exactly one of many who ask at once', async () => {
    const id = await queued();
    const claims = await Promise.all(
      Array.from({ length: 8 }, (_, n) => scans.claim(id, { ...options, workerId: `worker-${n}` })),
    );
    expect(claims.filter(({ kind }) => kind === 'claimed')).toHaveLength(1);
    expect(claims.filter(({ kind }) => kind === 'leased')).toHaveLength(7);
  });

  it('refuses while the lease runs and gives the scan away after it ran out', async () => {
    const id = await queued();
    await scans.claim(id, options);
    expect(await scans.claim(id, { ...options, workerId: 'worker-2' })).toEqual({ kind: 'leased' });
    await endLease(id);
    expect(await scans.claim(id, { ...options, workerId: 'worker-2' })).toMatchObject({ attempt: 2 });
  });

  it('tells a finished scan and an unknown scan apart', async () => {
    const id = await queued();
    await scans.claim(id, options);
    await scans.finishWithoutResult(id, {
      attempt: 1,
      status: 'failed',
      statusReason: 'browser_unavailable',
    });
    expect(await scans.claim(id, options)).toEqual({ kind: 'finished' });
    expect(await scans.claim('11111111-1111-4111-8111-111111111111', options)).toEqual({ kind: 'missing' });
  });

  it('reads parameters that a newer version extended', async () => {
    const id = await queued();
    await test.sql(`UPDATE scan_results SET params = params || '{"invented": 1}' WHERE id = $1`, [id]);
    expect(await scans.claim(id, options)).toMatchObject({ kind: 'claimed', params });
  });

  it('is prolonged from now on, and only for the attempt that holds it', async () => {
    const id = await queued();
    await scans.claim(id, options);
    await endLease(id);
    expect(await scans.renewLease(id, { attempt: 1, leaseMs: 60_000 })).toBe(true);
    expect(await scans.claim(id, options)).toEqual({ kind: 'leased' });
    await endLease(id);
    await scans.claim(id, options);
    expect(await scans.renewLease(id, { attempt: 1, leaseMs: 60_000 })).toBe(false);
    expect(await scans.renewLease(id, { attempt: 2, leaseMs: 60_000 })).toBe(true);
  });

  it('costs nothing when it is handed back: the scan waits again as if never taken', async () => {
    const id = await queued();
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      expect(await scans.claim(id, options)).toMatchObject({ kind: 'claimed', attempt });
      expect(await scans.releaseClaim(id, { attempt })).toBe(true);
    }
    expect(await scans.find(id)).toMatchObject({ status: 'queued', startedAt: null, finishedAt: null });
  });

  it('cannot be handed back by an attempt that lost it', async () => {
    const id = await queued();
    await scans.claim(id, options);
    await endLease(id);
    await scans.claim(id, options);
    expect(await scans.releaseClaim(id, { attempt: 1 })).toBe(false);
    expect(await scans.find(id)).toMatchObject({ status: 'running', attempt: 2 });
  });

  it('ends the scan as worker_crashed once it has cost that many workers, and tells people', async () => {
    const id = await queued();
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      expect(await scans.claim(id, options)).toMatchObject({ attempt });
      expect(await scans.claim(id, options)).toEqual({ kind: 'leased' });
      await endLease(id);
    }
    expect(await scans.claim(id, options)).toEqual({ kind: 'finished' });
    expect(await scans.find(id)).toMatchObject({
      status: 'failed',
      statusReason: 'worker_crashed',
      attempt: 3,
    });
    const events = await test.sql(
      `SELECT payload FROM outbox_events WHERE queue = 'send-notification' AND payload->>'scanId' = $1`,
      [id],
    );
    expect(events).toHaveLength(1);
  });

  it('gives a scan its last chance only to who accepts that', async () => {
    const id = await queued();
    for (let attempt = 1; attempt <= 2; attempt += 1) {
      const claim = await scans.claim(id, { ...options, acceptsLastChance: false });
      expect(claim).toMatchObject({ attempt, isLastChance: false });
      await endLease(id);
    }
    expect(await scans.claim(id, { ...options, acceptsLastChance: false })).toEqual({ kind: 'last-chance' });
    expect(await scans.claim(id, options)).toMatchObject({ attempt: 3, isLastChance: true });
    expect(await scans.claim(id, { ...options, acceptsLastChance: false })).toEqual({ kind: 'leased' });
  });

  it('knows no last chance of a scan that was never lost', async () => {
    const id = await queued();
    const strict = { ...options, attemptsMax: 1, acceptsLastChance: false };
    expect(await scans.claim(id, strict)).toMatchObject({ attempt: 1, isLastChance: false });
    await endLease(id);
    expect(await scans.claim(id, strict)).toEqual({ kind: 'finished' });
  });
});
