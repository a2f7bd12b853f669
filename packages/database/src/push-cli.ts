import { databaseConfig, loadConfig } from '@cookie-scanner/config';
import { committedSchema } from './committed-schema.ts';
import { readSchema } from './migration/migration-files.ts';
import { pushSchema } from './push-schema.ts';

/** `db:push`: tries the schema of the working tree on the database of DATABASE_URL, without a migration. */
async function main(): Promise<void> {
  if (process.env['NODE_ENV'] === 'production') {
    throw new Error(
      'db:push is for development; write a migration with db:diff and apply it with db:migrate',
    );
  }
  const { database } = loadConfig({ database: databaseConfig }, process.env);
  const sql = await pushSchema(database.url, committedSchema('HEAD'), await readSchema());
  process.stdout.write(sql === '' ? 'the tables match the schema already\n' : sql);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
