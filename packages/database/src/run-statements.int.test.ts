import { randomUUID } from 'node:crypto';
import { silentLogger } from '@cookie-scanner/observability';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DEFAULT_WORKSPACE_ID } from './default-workspace.ts';
import { Prisma } from './generated/client.ts';
import { inWorkspace } from './in-workspace.ts';
import { databaseAccess, openDatabase, type Database } from './open-database.ts';
import { createTestDatabase, type TestDatabase } from './testing/create-test-database.ts';

describe('statements that pass Prisma', () => {
  let test: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    test = await createTestDatabase();
    // One connection, so that what a failure leaves behind would be met by whoever comes next.
    database = openDatabase({ url: test.url, poolMax: 1, logger: silentLogger });
    await test.sql('CREATE TABLE notes (id int PRIMARY KEY)');
  });
  afterAll(async () => {
    await database.close();
    await test.drop();
  });

  const note = (id: number): { query: Prisma.Sql } => ({
    query: Prisma.sql`INSERT INTO notes (id) VALUES (${id}::int)`,
  });
  const notes = async (): Promise<number[]> =>
    (await test.sql<{ id: number }>('SELECT id FROM notes ORDER BY id')).map(({ id }) => id);

  it('have no effect when one of them fails, and the connection is as good as before', async () => {
    const access = databaseAccess(database);
    await access.change([note(1)]);
    await expect(access.change([note(2), note(1), note(3)])).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(access.change([note(4), { query: Prisma.sql`SELECT 7 AS seven` }])).resolves.toEqual([
      { seven: 7 },
    ]);
    await expect(notes()).resolves.toEqual([1, 4]);
  });

  it('have no effect in steps that were never committed, or that broke off', async () => {
    const access = databaseAccess(database);
    await access.inSteps((steps) => steps.send([note(5)]));
    const broken = access.inSteps(async (steps) => {
      await steps.send([note(6)]);
      throw new Error('the queue is away');
    });
    await expect(broken).rejects.toThrow('the queue is away');
    await access.inSteps(async (steps) => {
      await steps.send([note(7)]);
      await steps.commit([note(8)]);
    });
    await expect(notes()).resolves.toEqual([1, 4, 7, 8]);
  });

  it('see one workspace where they run in one, and leave no trace of it on their connection', async () => {
    const query = Prisma.sql`SELECT count(*)::int AS count FROM workspaces`;
    const inside = databaseAccess(inWorkspace(database, DEFAULT_WORKSPACE_ID));
    const outside = databaseAccess(database);
    await test.sql(`INSERT INTO workspaces (name, slug) VALUES ('Other', 'other')`);
    await expect(inside.select(query, 'count-workspaces')).resolves.toEqual([{ count: 1 }]);
    await expect(outside.select(query, 'count-workspaces')).resolves.toEqual([{ count: 2 }]);
    await expect(inside.select(query, 'count-workspaces')).resolves.toEqual([{ count: 1 }]);
    const other = databaseAccess(inWorkspace(database, randomUUID()));
    await expect(other.select(query, 'count-workspaces')).resolves.toEqual([{ count: 0 }]);
    await expect(inside.select(Prisma.sql`SELECT current_user = session_user AS "isOwner"`)).resolves.toEqual(
      [{ isOwner: false }],
    );
  });

  it('cannot write where they only read', async () => {
    const inside = databaseAccess(inWorkspace(database, DEFAULT_WORKSPACE_ID));
    await expect(
      inside.select(Prisma.sql`UPDATE workspaces SET name = 'Changed' RETURNING id`),
    ).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
  });

  it('fail alone when their connection is lost, and the next ones get a new one', async () => {
    const access = databaseAccess(database);
    const suicide = Prisma.sql`SELECT pg_terminate_backend(pg_backend_pid())`;
    await expect(access.change([note(9), { query: suicide }])).rejects.toMatchObject({
      code: 'DATABASE_UNAVAILABLE',
    });
    await access.change([note(10), note(11)]);
    await expect(notes()).resolves.toEqual([1, 4, 7, 8, 10, 11]);
  });
});
