import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { withDatabase } from '../migration/ensure-database.ts';
import { migrateDatabase } from '../migration/migrate-database.ts';

export { explainProductQueries, type ExplainedQuery } from './explain-product-queries.ts';
export { generateBenchData, type BenchDataOptions, type BenchFacts } from './generate-bench-data.ts';

/** A migrated database for one benchmark, on the server that a URL leads to, beside whatever is there. */
export async function createBenchDatabase(
  serverUrl: string,
): Promise<{ url: string; drop: () => Promise<void> }> {
  const name = `cookie_scanner_bench_${randomUUID().replaceAll('-', '')}`;
  const url = withDatabase(serverUrl, name);
  const drop = async (): Promise<void> => {
    const client = new pg.Client({ connectionString: serverUrl });
    await client.connect();
    await client
      .query(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)} WITH (FORCE)`)
      .finally(() => client.end());
  };
  try {
    await migrateDatabase(url);
  } catch (error) {
    await drop();
    throw error;
  }
  return { url, drop };
}
