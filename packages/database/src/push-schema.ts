import pg from 'pg';
import { migrateDatabase } from './migration/migrate-database.ts';
import { schemaDiff } from './migration/schema-diff.ts';

const STATE_TABLE = '_pushed_schema';

/**
 * Makes the tables of a development database match a schema that has no migration yet, so that an idea can be tried
 * before it is written down. The migrations are applied first; what was pushed is remembered in the database, so that
 * the next push starts from there.
 *
 * @param migrated - text of the schema that the migrations lead to
 * @param wanted - text of the schema to try
 * @returns the SQL that was run; empty when nothing had to change
 * @throws Error of PostgreSQL when the data does not allow the change; then nothing of it is done
 */
export async function pushSchema(url: string, migrated: string, wanted: string): Promise<string> {
  await migrateDatabase(url);
  const pool = new pg.Pool({ connectionString: url, connectionTimeoutMillis: 5_000, max: 2 });
  try {
    await pool.query(`CREATE TABLE IF NOT EXISTS ${STATE_TABLE} (schema text NOT NULL)`);
    const { rows } = await pool.query<{ schema: string }>(`SELECT schema FROM ${STATE_TABLE}`);
    const sql = await schemaDiff(pool, rows[0]?.schema ?? migrated, wanted);
    const client = await pool.connect();
    try {
      await client.query('BEGIN');
      if (sql !== '') await client.query(sql);
      await client.query(`DELETE FROM ${STATE_TABLE}`);
      await client.query(`INSERT INTO ${STATE_TABLE} (schema) VALUES ($1)`, [wanted]);
      await client.query('COMMIT');
    } catch (error) {
      await client.query('ROLLBACK');
      throw error;
    } finally {
      client.release();
    }
    return sql;
  } finally {
    await pool.end();
  }
}
