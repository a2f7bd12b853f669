import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { monthPartitions, openDatabase, type Database } from '@cookie-scanner/database';
import { createTestDatabase, type TestDatabase } from '@cookie-scanner/database/testing';
import { silentLogger } from '@cookie-scanner/observability';
import { startMonthKeeper } from './month-keeper.ts';

describe('the keeper of months', () => {
  let test: TestDatabase;
  let database: Database;

  beforeEach(async () => {
    test = await createTestDatabase();
    database = openDatabase({ url: test.url, logger: silentLogger });
  });
  afterEach(async () => {
    await database.close();
    await test.drop();
  });

  const months = async (): Promise<string[]> => {
    const rows = await test.sql<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relispartition AND relname LIKE 'cookies_20%' AND relkind = 'r' ORDER BY 1`,
    );
    return rows.map(({ name }) => name);
  };

  it('makes what is missing ahead and drops what is older than retention allows', async () => {
    const before = await months();
    await test.sql(`DROP TABLE ${before.at(-1) ?? ''}`);
    await test.sql(`SELECT create_month_partitions((now() - interval '4 months')::date, now()::date)`);
    const keeper = startMonthKeeper({
      months: monthPartitions(database),
      logger: silentLogger,
      keptMonths: 2,
    });
    // Stopping waits for the run in flight, and the first one starts at once.
    await keeper.stop();
    const after = await months();
    expect(after.slice(-before.length)).toEqual(before);
    expect(after).toHaveLength(before.length + 2);
  });
});
