import { createHash, randomUUID } from 'node:crypto';
import pg from 'pg';
import { withDatabase } from '../migration/ensure-database.ts';
import { migrateDatabase } from '../migration/migrate-database.ts';
import { readMigrations } from '../migration/migration-files.ts';

/** A migrated database that belongs to one test file. */
export interface TestDatabase {
  url: string;
  /** Runs one statement directly, for what the repositories do not offer: looking behind them, or moving time. */
  sql<TRow extends pg.QueryResultRow = pg.QueryResultRow>(text: string, values?: unknown[]): Promise<TRow[]>;
  /** Removes the database, ending every connection to it. */
  drop(): Promise<void>;
}

/** Lock that makes one process build the template while others wait. Any number that nothing else uses. */
const TEMPLATE_LOCK_ID = 727_073_690;

/**
 * A fresh, migrated database on a server, that of TEST_DATABASE_URL unless told. The migrations run once per server, into a template
 * that is then copied, so that a test file waits for some tens of milliseconds only.
 *
 * @param serverUrl - a superuser's
 * @throws Error when TEST_DATABASE_URL is not set
 */
export async function createTestDatabase(
  serverUrl = process.env['TEST_DATABASE_URL'],
): Promise<TestDatabase> {
  if (!serverUrl) throw new Error('TEST_DATABASE_URL is not set: run the tests with `npm test`');
  const name = `cookie_scanner_test_${randomUUID().replaceAll('-', '')}`;
  await onServer(serverUrl, async (server) => {
    const template = await ensureTemplate(server, serverUrl);
    await server.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  });

  const url = withDatabase(serverUrl, name);
  const pool = new pg.Pool({ connectionString: url, max: 2 });
  // Tests end connections on purpose; without a listener that would end the test process.
  pool.on('error', () => undefined);
  return {
    url,
    sql: async <TRow extends pg.QueryResultRow>(text: string, values: unknown[] = []) =>
      (await pool.query<TRow>(text, values)).rows,
    drop: async () => {
      await pool.end();
      await onServer(serverUrl, (server) => server.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
    },
  };
}

/** Runs one statement on the database of a test, for those who know only where it is. */
export async function queryOnce<TRow extends pg.QueryResultRow>(
  url: string,
  text: string,
  values: unknown[],
): Promise<TRow[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<TRow>(text, values)).rows;
  } finally {
    await client.end();
  }
}

/** Builds the template under another name first, so that a process that dies half way leaves nothing that looks done. */
async function ensureTemplate(server: pg.Client, serverUrl: string): Promise<string> {
  const template = `cookie_scanner_template_${await migrationsHash()}`;
  await server.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK_ID]);
  try {
    const { rowCount } = await server.query('SELECT FROM pg_database WHERE datname = $1', [template]);
    if (rowCount === 0) {
      const building = `${template}_building`;
      await server.query(`DROP DATABASE IF EXISTS ${building} WITH (FORCE)`);
      await migrateDatabase(withDatabase(serverUrl, building));
      // A template that somebody is connected to cannot be copied.
      await server.query(`ALTER DATABASE ${building} ALLOW_CONNECTIONS false`);
      await server.query(`ALTER DATABASE ${building} RENAME TO ${template}`);
    }
  } finally {
    await server.query('SELECT pg_advisory_unlock($1)', [TEMPLATE_LOCK_ID]);
  }
  return template;
}

async function migrationsHash(): Promise<string> {
  const { migrationDirectories } = await readMigrations();
  return createHash('sha256').update(JSON.stringify(migrationDirectories)).digest('hex').slice(0, 16);
}

async function onServer<T>(serverUrl: string, work: (server: pg.Client) => Promise<T>): Promise<T> {
  const server = new pg.Client({ connectionString: serverUrl, connectionTimeoutMillis: 10_000 });
  await server.connect();
  try {
    return await work(server);
  } finally {
    await server.end();
  }
}
