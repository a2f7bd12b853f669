import { scanParamsSchema } from '@cookie-scanner/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { silentLogger } from '@cookie-scanner/observability';
import { monthPartitions, type MonthPartitions } from './month-partitions.ts';
import { openDatabase, type Database } from './open-database.ts';
import { sampleCookie, sampleObservation, sampleTotals } from '@cookie-scanner/contracts/testing';
import { scanRepository, type ScanRepository } from './scan.repository.ts';
import { createTestDatabase, type TestDatabase } from './testing/create-test-database.ts';

const TABLES = ['cookies', 'findings', 'pages', 'storage_items'];

describe('rows by month', () => {
  let test: TestDatabase;
  let database: Database;
  let months: MonthPartitions;
  let scans: ScanRepository;

  beforeAll(async () => {
    test = await createTestDatabase();
    database = openDatabase({ url: test.url, logger: silentLogger });
    months = monthPartitions(database);
    scans = scanRepository(database);
  });
  afterAll(async () => {
    await database.close();
    await test.drop();
  });

  const partitions = async (): Promise<string[]> => {
    const rows = await test.sql<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relispartition AND relkind = 'r' ORDER BY 1`,
    );
    return rows.map(({ name }) => name);
  };
  const month = (offset: number): string => {
    const now = new Date();
    return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + offset, 1))
      .toISOString()
      .slice(0, 7)
      .replace('-', '_');
  };
  const finishScan = async (): Promise<string> => {
    const { id } = await scans.create({
      requestedUrl: 'https://shop.example/',
      params: scanParamsSchema.parse({ mode: 'quick', timeoutMs: 60_000 }),
    });
    await scans.claim(id, { workerId: 'worker-1', leaseMs: 60_000, attemptsMax: 3 });
    const outcome = await scans.finish(id, {
      attempt: 1,
      workerId: 'worker-1',
      observation: sampleObservation([sampleCookie()]),
      totals: sampleTotals(1),
      artifact: { key: `scans/${id}/observation.json.gz`, sha256: 'cd'.repeat(32), sizeBytes: 512 },
      valuesKept: false,
    });
    expect(outcome).toBe('committed');
    return id;
  };

  it('have partitions ahead, which are made once however many schedulers ask', async () => {
    const made = await Promise.all(Array.from({ length: 4 }, () => months.createAhead(6)));
    const all = await partitions();
    for (const table of TABLES) {
      for (let offset = 0; offset <= 6; offset += 1) expect(all).toContain(`${table}_${month(offset)}`);
    }
    expect(new Set(made.flat()).size).toBe(made.flat().length);
    expect(await months.createAhead(6)).toEqual([]);
  });

  it('are refused, not swallowed, where no month takes them', async () => {
    const scanId = await finishScan();
    const elsewhere = test.sql(
      `INSERT INTO pages (scan_id, scanned_at, position, url, status) VALUES ($1, '1999-01-01', 0, 'x', 'success')`,
      [scanId],
    );
    await expect(elsewhere).rejects.toThrow(/no partition of relation "pages"/);
    const [kind] = await test.sql(
      `SELECT count(*)::int AS count FROM pg_class WHERE relispartition AND pg_get_expr(relpartbound, oid) = 'DEFAULT'`,
    );
    expect(kind).toEqual({ count: 0 });
  });

  it('get the month that is missing from the scan that needs it', async () => {
    for (const table of TABLES) await test.sql(`DROP TABLE ${table}_${month(0)}`);
    const id = await finishScan();
    expect((await scans.listCookies(id, { cursor: null, limit: 10 }))?.items).toHaveLength(1);
  });

  it('go when their month is old, the scan stays, and nobody is told that there were none', async () => {
    const id = await finishScan();
    await test.sql(`SELECT create_month_partitions((now() - interval '5 months')::date, now()::date)`);
    await test.sql(
      `UPDATE scan_results SET queued_at = now() - interval '5 months', finished_at = now() - interval '5 months'
        WHERE id = $1`,
      [id],
    );
    await test.sql(
      `UPDATE cookies SET scanned_at = (SELECT finished_at FROM scan_results WHERE id = $1) WHERE scan_id = $1`,
      [id],
    );
    expect((await scans.listCookies(id, { cursor: null, limit: 10 }))?.items).toHaveLength(1);

    const dropped = await months.dropOlderThan(3);
    expect(dropped).toContain(`cookies_${month(-5)}`);
    expect(dropped).toContain(`cookies_${month(-4)}`);
    expect(dropped).not.toContain(`cookies_${month(-3)}`);
    expect(await partitions()).not.toContain(`pages_${month(-4)}`);

    await expect(scans.listCookies(id, { cursor: null, limit: 10 })).rejects.toMatchObject({
      code: 'SCAN_DETAILS_EXPIRED',
    });
    expect(await scans.find(id)).toMatchObject({ status: 'success', totals: sampleTotals(1) });
    expect(await months.dropOlderThan(3)).toEqual([]);
  });

  it('are never dropped for the month that is running', async () => {
    await expect(months.dropOlderThan(0)).rejects.toThrow(RangeError);
    await months.dropOlderThan(1);
    expect(await partitions()).toContain(`cookies_${month(-1)}`);
  });
});
