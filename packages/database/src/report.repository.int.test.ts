import { scanParamsSchema } from '@cookie-scanner/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { silentLogger } from '@cookie-scanner/observability';
import { openDatabase, type Database } from './open-database.ts';
import { reportRepository, type ReportRepository } from './report.repository.ts';
import { scanRepository } from './scan.repository.ts';
import { createTestDatabase, type TestDatabase } from './testing/create-test-database.ts';

describe('reports', () => {
  let test: TestDatabase;
  let database: Database;
  let reports: ReportRepository;
  const artifact = { key: 'scans/1/report.html', sha256: 'ef'.repeat(32), sizeBytes: 5_000_000_000 };
  const unknown = '11111111-1111-4111-8111-111111111111';

  beforeAll(async () => {
    test = await createTestDatabase();
    database = openDatabase({ url: test.url, logger: silentLogger });
    reports = reportRepository(database);
  });
  afterAll(async () => {
    await database.close();
    await test.drop();
  });

  const scan = async (): Promise<string> => {
    const { id } = await scanRepository(database).create({
      requestedUrl: 'https://shop.example/',
      params: scanParamsSchema.parse({ mode: 'quick', timeoutMs: 60_000 }),
    });
    return id;
  };
  const withReports = async (): Promise<{ scanId: string; html: string; json: string }> => {
    const scanId = await scan();
    await reports.createForScan(scanId, ['html', 'json']);
    const idOf = async (format: 'html' | 'json'): Promise<string> => {
      const report = await reports.findByScan(scanId, format);
      if (!report) throw new Error('no such report');
      return report.id;
    };
    return { scanId, html: await idOf('html'), json: await idOf('json') };
  };
  const notices = (scanId: string): Promise<{ payload: { eventId: string } }[]> =>
    test.sql(
      `SELECT payload FROM outbox_events WHERE queue = 'send-notification' AND payload->>'scanId' = $1`,
      [scanId],
    );

  it('are created once per format with a job for each, however often they are asked for', async () => {
    const { scanId, html, json } = await withReports();
    await Promise.all([
      reports.createForScan(scanId, ['json', 'html']),
      reports.createForScan(scanId, ['html', 'json']),
    ]);
    const jobs = await test.sql(
      `SELECT payload->>'reportId' AS id FROM outbox_events WHERE queue = 'build-report'
        AND payload->>'reportId' = ANY($1)`,
      [[html, json]],
    );
    expect(jobs.map(({ id }) => id as string).sort()).toEqual([html, json].sort());
    expect((await scanRepository(database).find(scanId))?.reports).toEqual([
      { format: 'html', state: 'queued', url: `/api/v1/scans/${scanId}/reports/html` },
      { format: 'json', state: 'queued', url: `/api/v1/scans/${scanId}/reports/json` },
    ]);
  });

  it('of an unknown scan are refused', async () => {
    await expect(reports.createForScan(unknown, ['html'])).rejects.toMatchObject({ code: 'SCAN_NOT_FOUND' });
    expect(await reports.find(unknown)).toBeNull();
    expect(await reports.findByScan(unknown, 'html')).toBeNull();
    await expect(reports.markReady(unknown, { artifact })).rejects.toMatchObject({
      code: 'REPORT_NOT_FOUND',
    });
    await expect(reports.markFailed(unknown, 'x')).rejects.toMatchObject({ code: 'REPORT_NOT_FOUND' });
  });

  it('say where their file lies once they are ready', async () => {
    const { scanId, html } = await withReports();
    await reports.markReady(html, { artifact });
    expect(await reports.find(html)).toEqual({
      id: html,
      scanId,
      format: 'html',
      state: 'ready',
      artifact,
      failureReason: null,
      createdAt: expect.any(String),
    });
  });

  it('tell people with the last of them, and not before', async () => {
    const { scanId, html, json } = await withReports();
    await reports.markReady(html, { artifact });
    expect(await notices(scanId)).toHaveLength(0);
    await reports.markReady(json, { artifact });
    expect(await notices(scanId)).toEqual([
      { payload: { eventId: expect.any(String), event: 'scan_finished', scanId } },
    ]);
  });

  it('tell people once when all become ready at the same moment, and jobs are repeated', async () => {
    const { scanId, html, json } = await withReports();
    await Promise.all([html, json, html, json].map((id) => reports.markReady(id, { artifact })));
    expect(await notices(scanId)).toHaveLength(1);
  });

  it('tell people also when one of them failed, and a later success tells under the same event', async () => {
    const { scanId, html, json } = await withReports();
    await reports.markFailed(html, 'template broken\0');
    expect(await reports.find(html)).toMatchObject({ state: 'failed', failureReason: 'template broken\0' });
    await reports.markReady(json, { artifact });
    expect(await notices(scanId)).toHaveLength(1);
    await reports.markReady(html, { artifact });
    expect(await reports.find(html)).toMatchObject({ state: 'ready', failureReason: null });
    const events = (await notices(scanId)).map(({ payload }) => payload.eventId);
    expect(events).toHaveLength(2);
    expect(new Set(events).size).toBe(1);
  });

  it('stay ready when a late failure is reported', async () => {
    const { html } = await withReports();
    await reports.markReady(html, { artifact });
    await reports.markFailed(html, 'late');
    expect(await reports.find(html)).toMatchObject({ state: 'ready', failureReason: null });
  });
});
