import { scanParamsSchema } from '@cookie-scanner/contracts';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { silentLogger } from '@cookie-scanner/observability';
import { openDatabase, type Database } from './open-database.ts';
import { outboxRepository } from './outbox.repository.ts';
import { scanRepository, type ScanRepository } from './scan.repository.ts';
import { createTestDatabase, type TestDatabase } from './testing/create-test-database.ts';

describe('offering lost scans again', () => {
  let test: TestDatabase;
  let database: Database;
  let scans: ScanRepository;
  const options = { queuedOlderThanMs: 60_000, limit: 100 };
  const claim = { workerId: 'worker-1', leaseMs: 60_000, attemptsMax: 3 };

  beforeEach(async () => {
    test = await createTestDatabase();
    database = openDatabase({ url: test.url, logger: silentLogger });
    scans = scanRepository(database);
  });
  afterEach(async () => {
    await database.close();
    await test.drop();
  });

  const submitted = async (): Promise<string> => {
    const scan = await scans.create({
      requestedUrl: 'https://shop.example/',
      params: scanParamsSchema.parse({ mode: 'quick', timeoutMs: 60_000 }),
    });
    return scan.id;
  };
  const relayAll = (): Promise<number> =>
    outboxRepository(database).relayBatch(1_000, () => Promise.resolve());
  const age = (column: 'offered_at' | 'lease_until', id: string, ms: number): Promise<unknown> =>
    test.sql(`UPDATE scan_results SET ${column} = now() - $2 * interval '1 ms' WHERE id = $1`, [id, ms]);
  const unsent = (): Promise<{ queue: string; payload: unknown }[]> =>
    test.sql('SELECT queue, payload FROM outbox_events WHERE sent_at IS NULL ORDER BY sequence');

  it('leaves alone what was queued lately or is being worked on', async () => {
    await submitted();
    await scans.claim(await submitted(), claim);
    await relayAll();
    expect((await scans.reofferStale(options)).offered).toBe(0);
  });

  it('offers a scan that was queued too long under a new job id', async () => {
    const id = await submitted();
    await relayAll();
    await age('offered_at', id, 61_000);
    expect((await scans.reofferStale(options)).offered).toBe(1);
    expect(await unsent()).toEqual([{ queue: 'scan-site', payload: { scanId: id, offer: 1 } }]);
  });

  it('waits twice as long before each further offer, so that a long queue is not filled with copies', async () => {
    const id = await submitted();
    await relayAll();
    await age('offered_at', id, 61_000);
    await scans.reofferStale(options);
    await relayAll();
    await age('offered_at', id, 119_000);
    expect((await scans.reofferStale(options)).offered).toBe(0);
    await age('offered_at', id, 121_000);
    expect((await scans.reofferStale(options)).offered).toBe(1);
  });

  it('does not offer a scan whose job still waits in the outbox', async () => {
    const id = await submitted();
    await age('offered_at', id, 3_600_000);
    expect((await scans.reofferStale(options)).offered).toBe(0);
    expect(await unsent()).toHaveLength(1);
  });

  it('takes a scan back from a worker that fell silent, and keeps its attempts counted', async () => {
    const id = await submitted();
    await relayAll();
    await scans.claim(id, claim);
    await age('lease_until', id, 1);
    expect((await scans.reofferStale(options)).offered).toBe(1);
    expect(await scans.find(id)).toMatchObject({ status: 'queued', attempt: 1, startedAt: null });
    expect(await scans.claim(id, claim)).toMatchObject({ kind: 'claimed', attempt: 2 });
  });

  it('gives up a scan that lost too many workers as worker_crashed, and tells people once', async () => {
    const id = await submitted();
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      await scans.claim(id, claim);
      await age('lease_until', id, 1);
      expect((await scans.reofferStale(options)).offered).toBe(attempt < 3 ? 1 : 0);
    }
    expect(await scans.find(id)).toMatchObject({ status: 'failed', statusReason: 'worker_crashed' });
    expect((await scans.reofferStale(options)).offered).toBe(0);
    expect((await unsent()).filter(({ queue }) => queue === 'send-notification')).toHaveLength(1);
  });

  it('offers each scan once when several schedulers look at the same moment', async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, submitted));
    await relayAll();
    await test.sql(`UPDATE scan_results SET offered_at = now() - interval '1 hour'`);
    const answers = await Promise.all(Array.from({ length: 4 }, () => scans.reofferStale(options)));
    const counts = answers.map(({ offered }) => offered);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(ids.length);
    expect(await unsent()).toHaveLength(ids.length);
  });

  it('handles at most as many as asked, the longest waiting first', async () => {
    const first = await submitted();
    await submitted();
    await relayAll();
    await test.sql(`UPDATE scan_results SET offered_at = now() - interval '1 hour'`);
    expect((await scans.reofferStale({ ...options, limit: 1 })).offered).toBe(1);
    expect(await unsent()).toEqual([{ queue: 'scan-site', payload: { scanId: first, offer: 1 } }]);
  });

  it('knows how long the oldest queued scan has waited', async () => {
    expect(await scans.oldestQueuedAgeMs()).toBeNull();
    const id = await submitted();
    await test.sql(`UPDATE scan_results SET queued_at = now() - interval '90 s' WHERE id = $1`, [id]);
    expect(await scans.oldestQueuedAgeMs()).toBeGreaterThanOrEqual(90_000);
    await scans.claim(id, claim);
    expect(await scans.oldestQueuedAgeMs()).toBeNull();
  });
});
