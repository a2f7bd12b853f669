import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../testing/create-test-database.ts';
import { readSchema } from './migration-files.ts';
import { schemaDiff } from './schema-diff.ts';

/** Tables of the product. Partitions repeat what their table says, and that a table has some is beyond Prisma's words. */
const TABLES = `SELECT oid FROM pg_class
  WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
    AND relname <> '_prisma_migrations'`;

/** Index definitions without what Prisma's language cannot say: that an index counts empty fields as equal. */
const INDEX_DEFINITION = `replace(replace(pg_get_indexdef(indexrelid), ' ON ONLY ', ' ON '), ' NULLS NOT DISTINCT', '')`;

/** What Prisma's language can say about tables, read from PostgreSQL's catalogue. */
const CATALOGUE = {
  columns: `SELECT table_name, column_name, udt_name, datetime_precision,
       regexp_replace(column_default, '^''{}''(::.*\\[\\])$', 'ARRAY[]\\1') AS column_default,
       is_nullable = 'YES' AND udt_name NOT LIKE '\\_%' AS is_optional
     FROM information_schema.columns
    WHERE table_schema = 'public' AND quote_ident(table_name)::regclass IN (${TABLES})
    ORDER BY 1, 2`,
  enums: `SELECT typname, array_agg(enumlabel::text ORDER BY enumsortorder) AS labels
     FROM pg_enum JOIN pg_type ON pg_type.oid = enumtypid GROUP BY 1 ORDER BY 1`,
  keys: `SELECT conrelid::regclass::text AS table_name, conname, pg_get_constraintdef(oid) AS definition
     FROM pg_constraint WHERE contype IN ('p', 'f') AND conrelid IN (${TABLES}) AND conparentid = 0 ORDER BY 1, 2`,
  indexes: `SELECT indexrelid::regclass::text AS name, ${INDEX_DEFINITION} AS definition
     FROM pg_index WHERE indpred IS NULL AND indexprs IS NULL AND indrelid IN (${TABLES}) ORDER BY 1`,
};

describe('the Prisma schema', () => {
  let migrated: TestDatabase;
  let declared: TestDatabase;
  let pool: pg.Pool;

  beforeAll(async () => {
    migrated = await createTestDatabase();
    declared = await createTestDatabase();
    pool = new pg.Pool({ connectionString: migrated.url });
    await declared.sql('DROP SCHEMA public CASCADE');
    await declared.sql(await schemaDiff(pool, null, await readSchema()));
  });
  afterAll(async () => {
    await pool.end();
    await migrated.drop();
    await declared.drop();
  });

  it.each(Object.entries(CATALOGUE))(
    'declares the same %s that the migrations make',
    async (_kind, query) => {
      expect(await declared.sql(query)).toEqual(await migrated.sql(query));
    },
  );

  it('differs from itself by nothing', async () => {
    const schema = await readSchema();
    expect(await schemaDiff(pool, schema, schema)).toBe('');
  });

  it('differs from an extended one by the SQL of a migration', async () => {
    const schema = await readSchema();
    const extended = `${schema}\nmodel Extra {\n  id Int @id\n  @@map("extras")\n}\n`;
    expect(await schemaDiff(pool, schema, extended)).toContain('CREATE TABLE "extras"');
  });
});
