import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../testing/create-test-database.ts';
import { explainProductQueries, type ExplainedQuery } from './explain-product-queries.ts';
import { generateBenchData } from './generate-bench-data.ts';

describe('the queries of the product on a year of scans', () => {
  let test: TestDatabase;
  let queries: ExplainedQuery[];

  beforeAll(async () => {
    test = await createTestDatabase();
    const facts = await generateBenchData(test.url, {
      scanCount: 2_000,
      cookiesPerScan: 20,
      onStep: () => undefined,
    });
    queries = await explainProductQueries(test.url, facts);
  });
  afterAll(() => test.drop());

  it('read no whole table, and each finds what it asks for through an index', () => {
    expect(queries.filter(({ faults }) => faults.length > 0)).toEqual([]);
    expect(queries.filter(({ rows, indexes }) => rows === 0 || indexes.length === 0)).toEqual([]);
  });
});
