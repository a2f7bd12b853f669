import { randomUUID } from 'node:crypto';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { withDatabase } from './ensure-database.ts';
import { readMigrations } from './migration-files.ts';
import { migrateDatabase } from './migrate-database.ts';

const SERVER_URL = process.env['TEST_DATABASE_URL'] ?? '';

describe('migrating', () => {
  const names: string[] = [];
  let url: string;

  beforeEach(() => {
    const name = `cookie_scanner_migrate_"${randomUUID()}`;
    names.push(name);
    url = withDatabase(SERVER_URL, name);
  });
  afterAll(async () => {
    for (const name of names) {
      await sql(SERVER_URL, `DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)} WITH (FORCE)`);
    }
  });

  const sql = async (on: string, text: string): Promise<Record<string, unknown>[]> => {
    const client = new pg.Client({ connectionString: on });
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(text)).rows;
    } finally {
      await client.end();
    }
  };
  const createEmpty = (encoding = 'UTF8'): Promise<unknown> =>
    sql(
      SERVER_URL,
      `CREATE DATABASE ${pg.escapeIdentifier(names.at(-1) ?? '')} TEMPLATE template0 ENCODING '${encoding}'
        LOCALE_PROVIDER libc LC_COLLATE 'C' LC_CTYPE 'C'`,
    );
  const allNames = async (): Promise<string[]> =>
    (await readMigrations()).migrationDirectories.map(({ path }) => path);

  it('creates a missing database and applies everything, then finds nothing left to do', async () => {
    const steps: string[] = [];
    const { applied } = await migrateDatabase(url, { onStep: (step) => steps.push(step) });
    expect(applied).toEqual(await allNames());
    expect(steps).toEqual(['created the database', ...applied.map((name) => `applied ${name}`)]);
    expect(await migrateDatabase(url)).toEqual({ applied: [] });
  });

  it('keeps the history as Prisma does, each migration with its checksum', async () => {
    await migrateDatabase(url);
    const rows = await sql(url, 'SELECT * FROM _prisma_migrations ORDER BY started_at');
    expect(rows.map((row) => row['migration_name'])).toEqual(await allNames());
    expect(rows[0]).toMatchObject({
      checksum: expect.stringMatching(/^[0-9a-f]{64}$/),
      finished_at: expect.any(Date),
      rolled_back_at: null,
      applied_steps_count: 1,
    });
  });

  it('works once when several processes start at the same moment', async () => {
    const results = await Promise.all(Array.from({ length: 3 }, () => migrateDatabase(url)));
    expect(results.flatMap(({ applied }) => applied)).toEqual(await allNames());
  });

  it('leaves nothing of a migration that fails, says what to do, and goes on after that was done', async () => {
    await createEmpty();
    await sql(url, `CREATE TYPE notification_state AS ENUM ('in the way')`);
    await expect(migrateDatabase(url)).rejects.toMatchObject({
      code: 'MIGRATION_FAILED',
      message: expect.stringMatching(/notification_state.*already exists/s),
    });
    expect(await sql(url, `SELECT to_regclass('scan_results') AS found`)).toEqual([{ found: null }]);

    const [first] = await allNames();
    await expect(migrateDatabase(url)).rejects.toThrow(`npm run db:migrate -- --retry ${first}`);
    await sql(url, 'DROP TYPE notification_state');
    await expect(migrateDatabase(url)).rejects.toMatchObject({ code: 'MIGRATION_FAILED' });
    expect(await migrateDatabase(url, { retry: first ?? '' })).toEqual({ applied: await allNames() });
  });

  it('refuses a database whose migrations were changed or came from a newer version', async () => {
    await migrateDatabase(url);
    await sql(url, `UPDATE _prisma_migrations SET migration_name = '29990101000000_later' || migration_name`);
    await expect(migrateDatabase(url)).rejects.toThrow(/29990101000000_later.*newer version/);
    await sql(
      url,
      `UPDATE _prisma_migrations SET checksum = 'x',
      migration_name = replace(migration_name, '29990101000000_later', '')`,
    );
    await expect(migrateDatabase(url)).rejects.toThrow(/were changed after this database applied them/);
  });

  it('refuses a database that cannot hold every text', async () => {
    await createEmpty('SQL_ASCII');
    await expect(migrateDatabase(url)).rejects.toThrow(/encoding SQL_ASCII/);
  });

  it('says that the server does not answer', async () => {
    await expect(migrateDatabase('postgresql://x@127.0.0.1:1/x')).rejects.toMatchObject({
      code: 'DATABASE_UNAVAILABLE',
    });
  });
});
