import { AppError, isAppError } from '@cookie-scanner/errors';
import type { ApplyMigrationsInput, SchemaEngine } from '@prisma/schema-engine-wasm/schema_engine_bg';
import pg from 'pg';
import { databaseError } from '../database-error.ts';
import { ensureDatabase } from './ensure-database.ts';
import { readMigrations } from './migration-files.ts';
import { withSchemaEngine } from './schema-engine.ts';

/** Prisma's own number for its advisory lock, so that `prisma migrate deploy` waits for us and we for it. */
const LOCK_ID = 72_707_369;

/** Longest wait for another process that migrates the same database. */
const LOCK_TIMEOUT_MS = 300_000;

const NO_FILTERS = { externalTables: [], externalEnums: [] };

/** Oldest PostgreSQL that the migrations run on. */
const SERVER_VERSION_MIN = 130_000;

const HOW_TO_RETRY =
  'A migration is one transaction unless it commits by itself, so usually nothing of it remains: put the cause ' +
  'right, then run: npm run db:migrate -- --retry ';

export interface MigrateOptions {
  /** Told in one sentence what is happening. */
  onStep?: (step: string) => void;
  /** Name of a failed migration to try again, after what made it fail was put right. */
  retry?: string;
}

/**
 * Brings a database to the newest schema, creating it when it does not exist. Several processes may do so at once: one
 * works, the others wait and find nothing left to do.
 *
 * @returns names of the migrations that this call applied, in order
 * @throws AppError DATABASE_UNAVAILABLE, or MIGRATION_FAILED with what to do about it
 */
export async function migrateDatabase(
  url: string,
  { onStep = () => undefined, retry }: MigrateOptions = {},
): Promise<{ applied: string[] }> {
  try {
    if (await ensureDatabase(url)) onStep('created the database');
    return await withOneConnection(url, async (pool) => {
      await checkServer(pool);
      await takeLock(pool, onStep);
      return await withSchemaEngine(pool, (engine) => applyAll(engine, { onStep, retry }));
    });
  } catch (error) {
    throw databaseError(error);
  }
}

/** The lock belongs to a session, so all that it protects must go through the same connection. */
async function withOneConnection<T>(url: string, work: (pool: pg.Pool) => Promise<T>): Promise<T> {
  const pool = new pg.Pool({
    connectionString: url,
    max: 1,
    idleTimeoutMillis: 0,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    application_name: 'cookie-scanner-migrate',
    options: '-c TimeZone=UTC',
  });
  // A lost connection shows in the next query; without a listener it would end the process.
  pool.on('error', () => undefined);
  try {
    return await work(pool);
  } finally {
    await pool.end();
  }
}

async function checkServer(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ encoding: string; version: string; version_number: number }>(
    `SELECT current_setting('server_encoding') AS encoding, current_setting('server_version') AS version,
            current_setting('server_version_num')::int AS version_number`,
  );
  const server = rows[0];
  if (!server) return;
  if (server.version_number < SERVER_VERSION_MIN) {
    throw migrationFailed(`PostgreSQL ${server.version} is too old: use 16 or newer`);
  }
  if (server.encoding !== 'UTF8') {
    throw migrationFailed(`the database has the encoding ${server.encoding}: create it with ENCODING 'UTF8'`);
  }
}

async function takeLock(pool: pg.Pool, onStep: (step: string) => void): Promise<void> {
  const { rows } = await pool.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1) AS taken', [
    LOCK_ID,
  ]);
  if (rows[0]?.taken) return;
  onStep('waiting for another process that migrates this database');
  await pool.query(`SET lock_timeout = ${LOCK_TIMEOUT_MS}`);
  await pool.query('SELECT pg_advisory_lock($1)', [LOCK_ID]);
  await pool.query('RESET lock_timeout');
}

async function applyAll(
  engine: SchemaEngine,
  { onStep, retry }: Required<Pick<MigrateOptions, 'onStep'>> & { retry: string | undefined },
): Promise<{ applied: string[] }> {
  const input = { migrationsList: await readMigrations(), filters: NO_FILTERS };
  try {
    if (retry !== undefined) await engine.markMigrationRolledBack({ migrationName: retry });
    await refuseBrokenHistory(engine, input);
    const { appliedMigrationNames } = await engine.applyMigrations(input);
    for (const name of appliedMigrationNames) onStep(`applied ${name}`);
    return { applied: appliedMigrationNames };
  } catch (error) {
    if (isAppError(error)) throw error;
    throw migrationFailed(explainEngineError(error), error);
  }
}

async function refuseBrokenHistory(engine: SchemaEngine, input: ApplyMigrationsInput): Promise<void> {
  const { failedMigrationNames, editedMigrationNames, history } = await engine.diagnoseMigrationHistory({
    ...input,
    optInToShadowDatabase: false,
  });
  const [failed] = failedMigrationNames;
  if (failed !== undefined) {
    throw migrationFailed(
      `the migration ${failed} failed or was interrupted earlier; its log is in the table _prisma_migrations. ${HOW_TO_RETRY}${failed}`,
    );
  }
  if (editedMigrationNames.length > 0) {
    throw migrationFailed(
      `these migrations were changed after this database applied them: ${editedMigrationNames.join(', ')}. Restore ` +
        'the files, and put the change into a new migration',
    );
  }
  if (history && history.diagnostic !== 'databaseIsBehind') {
    throw migrationFailed(
      `this database has migrations that this version does not know: ${history.unpersistedMigrationNames.join(', ')}. ` +
        'It was used by a newer version: run that one',
    );
  }
}

function migrationFailed(message: string, cause?: unknown): AppError {
  return new AppError('MIGRATION_FAILED', message, {}, { cause });
}

/** What the engine has to say and what to do about it, without the trace through its own source. */
function explainEngineError(error: unknown): string {
  if ((error as { code?: unknown }).code === 'P3005') {
    return 'the database holds tables of something else: give the platform a database of its own';
  }
  const text = error instanceof Error ? error.message : String(error);
  const [message = text, trace = ''] = text.split(/\n\s+0: /);
  const failed = /migration_name="([^"]+)"/.exec(trace)?.[1];
  const cause = message.replace(/^external connector error\s+(Error querying the database: )?/, '').trim();
  if (failed === undefined) return cause;
  return `the migration ${failed} failed: ${cause}. ${HOW_TO_RETRY}${failed}`;
}
