import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readSchema } from './migration/migration-files.ts';
import { pushSchema } from './push-schema.ts';
import { createTestDatabase, type TestDatabase } from './testing/create-test-database.ts';

describe('pushing a schema', () => {
  let database: TestDatabase;
  let schema: string;
  const columns = async (table: string): Promise<unknown[]> => {
    const rows: Record<string, unknown>[] = await database.sql(
      'SELECT column_name FROM information_schema.columns WHERE table_name = $1 ORDER BY 1',
      [table],
    );
    return rows.map((row) => row['column_name']);
  };

  beforeAll(async () => {
    database = await createTestDatabase();
    schema = await readSchema();
  });
  afterAll(() => database.drop());

  it('changes nothing when the schema is the one the migrations lead to', async () => {
    expect(await pushSchema(database.url, schema, schema)).toBe('');
  });

  it('makes the tables match, and starts the next push from there', async () => {
    const withIdeas = `${schema}\nmodel Idea {\n  id Int @id\n  text String\n  @@map("ideas")\n}\n`;
    expect(await pushSchema(database.url, schema, withIdeas)).toMatch(/CREATE TABLE "ideas"/);
    expect(await columns('ideas')).toEqual(['id', 'text']);
    expect(await pushSchema(database.url, schema, withIdeas)).toBe('');
    expect(await pushSchema(database.url, schema, schema)).toMatch(/DROP TABLE "ideas"/);
    expect(await columns('ideas')).toEqual([]);
  });

  it('leaves everything as it was when the data does not allow the change', async () => {
    const name = 'model Idea {\n  id Int @id\n  @@map("outbox_events_copy")\n}\n';
    await database.sql('CREATE TABLE outbox_events_copy (id int)', []);
    await expect(pushSchema(database.url, schema, `${schema}\n${name}`)).rejects.toThrow(/already exists/);
    expect(await columns('outbox_events_copy')).toEqual(['id']);
    expect(await pushSchema(database.url, schema, schema)).toBe('');
  });
});
