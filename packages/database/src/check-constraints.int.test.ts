import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ACCOUNT_TABLES } from './table-cases/account-tables.test.fixture.ts';
import { JUDGEMENT_TABLES } from './table-cases/judgement-tables.test.fixture.ts';
import { SCAN_TABLES } from './table-cases/scan-tables.test.fixture.ts';
import { rowMaker, type Row, type RowMaker } from './table-cases/table-case.test.fixture.ts';
import { WORK_TABLES } from './table-cases/work-tables.test.fixture.ts';
import { createTestDatabase, type TestDatabase } from './testing/create-test-database.ts';

const TABLES = [...ACCOUNT_TABLES, ...SCAN_TABLES, ...JUDGEMENT_TABLES, ...WORK_TABLES];

describe('the tables', () => {
  let test: TestDatabase;
  let make: RowMaker;

  beforeAll(async () => {
    test = await createTestDatabase();
    make = rowMaker(test);
  });
  afterAll(() => test.drop());

  /** Where a case says `user`, somebody is made. */
  const people = async (row: Row): Promise<Row> =>
    Object.fromEntries(
      await Promise.all(
        Object.entries(row).map(async ([name, value]) => [
          name,
          name.endsWith('_by') && value === 'user' ? await make.user() : value,
        ]),
      ),
    ) as Row;

  describe.each(TABLES)('$table', ({ table, good, breaks }) => {
    // The roles are all there from the start.
    if (table !== 'roles') {
      it('takes an ordinary row', async () => {
        expect(await make.insert(table, await good(make))).toMatchObject({});
      });
    }

    it.each(breaks.map(([what, change, constraint]) => ({ what, change, constraint })))(
      'refuses a row $what',
      async ({ change, constraint }) => {
        const row = { ...(await good(make)), ...(await people(change)) };
        await expect(make.insert(table, row)).rejects.toMatchObject({ constraint: `${table}_${constraint}` });
      },
    );
  });

  it('have no check that no case tries to break', async () => {
    const rows = await test.sql<{ name: string }>(
      `SELECT conname AS name FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid
        WHERE contype = 'c' AND NOT relispartition AND relnamespace = 'public'::regnamespace`,
    );
    const tried = new Set(
      TABLES.flatMap(({ table, breaks }) => breaks.map(([, , constraint]) => `${table}_${constraint}`)),
    );
    expect(rows.map(({ name }) => name).filter((name) => !tried.has(name))).toEqual([]);
  });
});
