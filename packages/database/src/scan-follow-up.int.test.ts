import { scanParamsSchema } from '@cookie-scanner/contracts';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { silentLogger } from '@cookie-scanner/observability';
import { notificationRepository } from './notification.repository.ts';
import { openDatabase, type Database } from './open-database.ts';
import { reportRepository } from './report.repository.ts';
import { sampleObservation, sampleTotals } from '@cookie-scanner/contracts/testing';
import { scanRepository, type ScanRepository } from './scan.repository.ts';
import { createTestDatabase, type TestDatabase } from './testing/create-test-database.ts';

describe('offering again what follows the end of a scan', () => {
  let test: TestDatabase;
  let database: Database;
  let scans: ScanRepository;
  const options = { olderThanMs: 60_000, limit: 100 };
  const artifact = { key: 'x', sha256: 'ef'.repeat(32), sizeBytes: 1 };

  beforeEach(async () => {
    test = await createTestDatabase();
    database = openDatabase({ url: test.url, logger: silentLogger });
    scans = scanRepository(database);
  });
  afterEach(async () => {
    await database.close();
    await test.drop();
  });

  const claimed = async (): Promise<string> => {
    const params = scanParamsSchema.parse({ mode: 'quick', timeoutMs: 60_000 });
    const { id } = await scans.create({ requestedUrl: 'https://shop.example/', params });
    await scans.claim(id, { workerId: 'worker-1', leaseMs: 60_000, attemptsMax: 3 });
    return id;
  };
  const finished = async (): Promise<string> => {
    const id = await claimed();
    await scans.finish(id, {
      attempt: 1,
      workerId: 'worker-1',
      observation: sampleObservation([]),
      totals: sampleTotals(0),
      artifact,
      valuesKept: false,
    });
    return id;
  };
  /** What a look at the scans offers, some time after everything in flight was lost. */
  const offeredAfterLoss = async (): Promise<unknown[]> => {
    await test.sql('DELETE FROM outbox_events');
    await test.sql(`UPDATE scan_results SET offered_at = now() - interval '1 d'`);
    const count = await scans.reofferFollowUps(options);
    const rows = await test.sql<{ queue: string; payload: object }>(
      'SELECT queue, payload FROM outbox_events',
    );
    expect(count > 0).toBe(rows.length > 0);
    return rows.map(({ queue, payload }) => ({ queue, ...payload }));
  };
  const tell = (scanId: string): Promise<{ id: string }> =>
    notificationRepository(database).claimDelivery({
      eventId: scanId,
      event: 'scan_finished',
      scanId,
      channel: 'in_app',
      recipient: 'everyone',
      subject: 'x',
      body: 'x',
    });

  it('begins with the analysis, goes on with each open report, and ends with telling people', async () => {
    const scanId = await finished();
    expect(await offeredAfterLoss()).toEqual([{ queue: 'analyse-scan', scanId }]);

    const reports = reportRepository(database);
    await reports.createForScan(scanId, ['html', 'json']);
    const [html, json] = [await reports.findByScan(scanId, 'html'), await reports.findByScan(scanId, 'json')];
    expect(await offeredAfterLoss()).toEqual(
      expect.arrayContaining([
        { queue: 'build-report', reportId: html?.id },
        { queue: 'build-report', reportId: json?.id },
      ]),
    );
    await reports.markReady(html?.id ?? '', { artifact });
    expect(await offeredAfterLoss()).toEqual([{ queue: 'build-report', reportId: json?.id }]);

    await reports.markFailed(json?.id ?? '', 'broken');
    const told = { queue: 'send-notification', eventId: expect.any(String), event: 'scan_finished', scanId };
    expect(await offeredAfterLoss()).toEqual([told]);

    const { id } = await tell(scanId);
    expect(await offeredAfterLoss()).toEqual([told]);
    await notificationRepository(database).markSent(id);
    expect(await offeredAfterLoss()).toEqual([]);
  });

  it('does not look at a scan again once nothing is open', async () => {
    const scanId = await finished();
    await reportRepository(database).createForScan(scanId, []);
    await test.sql('UPDATE scan_results SET settled_at = now() WHERE id = $1', [scanId]);
    expect(await offeredAfterLoss()).toEqual([]);
  });

  it('tells people of a scan that ended without anything to report on', async () => {
    const scanId = await claimed();
    await scans.finishWithoutResult(scanId, {
      attempt: 1,
      status: 'failed',
      statusReason: 'browser_unavailable',
    });
    expect(await offeredAfterLoss()).toMatchObject([{ queue: 'send-notification', scanId }]);
  });

  it('leaves the step time to happen, and twice as much after each offer', async () => {
    const scanId = await finished();
    expect(await scans.reofferFollowUps(options)).toBe(0);
    const lookAfter = async (seconds: number): Promise<number> => {
      await test.sql(`UPDATE scan_results SET offered_at = now() - $2 * interval '1 s' WHERE id = $1`, [
        scanId,
        seconds,
      ]);
      return scans.reofferFollowUps(options);
    };
    expect(await lookAfter(61)).toBe(1);
    expect(await lookAfter(119)).toBe(0);
    expect(await lookAfter(121)).toBe(1);
  });

  it('leaves scans alone that have not ended', async () => {
    await claimed();
    expect(await offeredAfterLoss()).toEqual([]);
  });

  it('offers each step once when several schedulers look at the same moment', async () => {
    await Promise.all(Array.from({ length: 10 }, finished));
    await test.sql('DELETE FROM outbox_events');
    await test.sql(`UPDATE scan_results SET offered_at = now() - interval '1 d'`);
    const counts = await Promise.all(Array.from({ length: 3 }, () => scans.reofferFollowUps(options)));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(10);
    expect(await test.sql('SELECT FROM outbox_events')).toHaveLength(10);
  });
});
