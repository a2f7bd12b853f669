import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { databaseConfig, loadConfig } from '@cookie-scanner/config';
import pg from 'pg';
import { committedSchema } from './committed-schema.ts';
import { MIGRATIONS_FOLDER, readSchema } from './migration/migration-files.ts';
import { schemaDiff } from './migration/schema-diff.ts';

/**
 * `db:diff`: prints the SQL between the committed schema (`--from`, a git revision, default HEAD) and the one in the
 * working tree, which takes any PostgreSQL server as DATABASE_URL. With `--name add_users` it writes that to a new migration, to be completed by hand.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { from: { type: 'string', default: 'HEAD' }, name: { type: 'string' } },
  });
  const before = committedSchema(values.from);
  const { database } = loadConfig({ database: databaseConfig }, process.env);
  const pool = new pg.Pool({ connectionString: database.url, connectionTimeoutMillis: 5_000 });
  const sql = await schemaDiff(pool, before, await readSchema()).finally(() => pool.end());
  if (values.name === undefined) {
    process.stdout.write(sql === '' ? 'the tables do not change\n' : sql);
    return;
  }
  if (!/^[a-z][a-z0-9_]*$/.test(values.name))
    throw new Error('--name takes small letters, digits and underscores');
  const timestamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  const folder = new URL(`${timestamp}_${values.name}/`, MIGRATIONS_FOLDER);
  await mkdir(folder);
  const file = new URL('migration.sql', folder);
  await writeFile(file, sql);
  process.stdout.write(`wrote ${fileURLToPath(file)}: add checks, triggers and partial indexes by hand\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
