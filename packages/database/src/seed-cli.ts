import { databaseConfig, loadConfig } from '@cookie-scanner/config';
import { isAppError } from '@cookie-scanner/errors';
import { silentLogger } from '@cookie-scanner/observability';
import { migrateDatabase } from './migration/migrate-database.ts';
import { openDatabase } from './open-database.ts';
import { seedDemonstration } from './seed/seed-demonstration.ts';

/** `db:seed`: adds the demonstration workspace to the database of DATABASE_URL, migrating that first. Safe to repeat. */
async function main(): Promise<void> {
  const config = loadConfig({ database: databaseConfig }, process.env);
  await migrateDatabase(config.database.url);
  const database = openDatabase({ ...config.database, logger: silentLogger });
  try {
    const isNew = await seedDemonstration(database);
    process.stdout.write(
      isNew ? 'added the demonstration workspace\n' : 'the demonstration workspace is there already\n',
    );
  } finally {
    await database.close();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${isAppError(error) ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
