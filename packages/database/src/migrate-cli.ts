import { parseArgs } from 'node:util';
import { databaseConfig, loadConfig } from '@cookie-scanner/config';
import { isAppError } from '@cookie-scanner/errors';
import { migrateDatabase } from './migration/migrate-database.ts';

/** `db:migrate`: brings the database of DATABASE_URL to the newest schema. Exit code 1 with one sentence on failure. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { retry: { type: 'string' } } });
  const { database } = loadConfig({ database: databaseConfig }, process.env);
  const { applied } = await migrateDatabase(database.url, {
    onStep: (step) => process.stdout.write(`${step}\n`),
    ...(values.retry === undefined ? {} : { retry: values.retry }),
  });
  if (applied.length === 0) process.stdout.write('the database is up to date\n');
}

main().catch((error: unknown) => {
  process.stderr.write(`${isAppError(error) ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
