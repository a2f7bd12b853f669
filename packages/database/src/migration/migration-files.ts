import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { MigrationList } from '@prisma/schema-engine-wasm/schema_engine_bg';

/** The folder `prisma` of the repository: schema and migrations. The same from `src` and from `dist`. */
const PRISMA_FOLDER = new URL('../../../../prisma/', import.meta.url);

/** Folder that holds one folder per migration. */
export const MIGRATIONS_FOLDER = new URL('migrations/', PRISMA_FOLDER);

/** The schema of the tables as Prisma's language states it. */
export function readSchema(): Promise<string> {
  return readFile(new URL('schema.prisma', PRISMA_FOLDER), 'utf8');
}

/** Every migration of the repository, oldest first, in the form the engine takes. */
export async function readMigrations(): Promise<MigrationList> {
  const entries = await readdir(MIGRATIONS_FOLDER, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return {
    baseDir: fileURLToPath(MIGRATIONS_FOLDER),
    lockfile: {
      path: 'migration_lock.toml',
      content: await readFile(new URL('migration_lock.toml', MIGRATIONS_FOLDER), 'utf8'),
    },
    shadowDbInitScript: '',
    migrationDirectories: await Promise.all(
      names.sort().map(async (path) => ({
        path,
        migrationFile: {
          path: 'migration.sql',
          content: {
            tag: 'ok' as const,
            value: await readFile(new URL(`${path}/migration.sql`, MIGRATIONS_FOLDER), 'utf8'),
          },
        },
      })),
    ),
  };
}
