import { randomUUID } from 'node:crypto';
import { ERROR_RULES, type ErrorCode } from '@cookie-scanner/errors';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { silentLogger } from '@cookie-scanner/observability';
import { databaseError, isWriteConflict } from './database-error.ts';
import { databaseAccess, openDatabase, type Database, type DatabaseAccess } from './open-database.ts';
import { createTestDatabase, type TestDatabase } from './testing/create-test-database.ts';

/** Each code of PostgreSQL that a caller may meet, with what it becomes. */
const CODES: [sqlState: string, meaning: string, code: ErrorCode, status: number][] = [
  ['22021', 'text that is no UTF-8', 'INPUT_INVALID', 422],
  ['22P02', 'no UUID, number, enum or JSON', 'INPUT_INVALID', 422],
  ['22P05', 'NUL in JSON', 'INPUT_INVALID', 422],
  ['22003', 'a number that is too big', 'INPUT_INVALID', 422],
  ['22001', 'text that is too long', 'INPUT_INVALID', 422],
  ['22008', 'a time that is too far away', 'INPUT_INVALID', 422],
  ['23514', 'a broken check', 'INPUT_INVALID', 422],
  ['23505', 'a key that is taken', 'CONFLICT', 409],
  ['23001', 'a deletion that is refused', 'CONFLICT', 409],
  ['23503', 'something that does not exist', 'REFERENCE_MISSING', 409],
  ['40001', 'a serialisation failure after all retries', 'DATABASE_UNAVAILABLE', 503],
  ['40P01', 'a deadlock after all retries', 'DATABASE_UNAVAILABLE', 503],
  ['57P01', 'the server is being stopped', 'DATABASE_UNAVAILABLE', 503],
  ['57P02', 'the server crashed', 'DATABASE_UNAVAILABLE', 503],
  ['57P03', 'the server is starting', 'DATABASE_UNAVAILABLE', 503],
  ['57P04', 'the database was dropped', 'DATABASE_UNAVAILABLE', 503],
  ['57014', 'a statement that took too long', 'DATABASE_UNAVAILABLE', 503],
  ['08000', 'a broken connection', 'DATABASE_UNAVAILABLE', 503],
  ['08001', 'no connection', 'DATABASE_UNAVAILABLE', 503],
  ['08003', 'a connection that does not exist', 'DATABASE_UNAVAILABLE', 503],
  ['08006', 'a connection that failed', 'DATABASE_UNAVAILABLE', 503],
  ['53100', 'a full disk', 'DATABASE_UNAVAILABLE', 503],
  ['53200', 'no memory left', 'DATABASE_UNAVAILABLE', 503],
  ['53300', 'too many connections', 'DATABASE_UNAVAILABLE', 503],
  ['55P03', 'a lock that did not come', 'DATABASE_UNAVAILABLE', 503],
];

describe('an error of PostgreSQL', () => {
  let test: TestDatabase;
  let database: Database;
  let access: DatabaseAccess;

  beforeAll(async () => {
    test = await createTestDatabase();
    await test.sql(`CREATE FUNCTION fail(sqlstate text) RETURNS void LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'as asked' USING ERRCODE = sqlstate; END $$`);
    database = openDatabase({ url: test.url, logger: silentLogger });
    access = databaseAccess(database);
  });
  afterAll(async () => {
    await database.close();
    await test.drop();
  });

  it.each(CODES)('%s (%s) becomes %s', async (sqlState, _meaning, code, status) => {
    const failing = access.query((prisma) => prisma.$queryRaw`SELECT fail(${sqlState})::text`);
    await expect(failing).rejects.toMatchObject({ code });
    expect(ERROR_RULES[code].status).toBe(status);
    expect(databaseError(Object.assign(new Error('as pg gives it'), { code: sqlState }))).toMatchObject({
      code,
    });
  });

  it('that is a full disk says so', async () => {
    const failing = access.query((prisma) => prisma.$queryRaw`SELECT fail('53100')::text`);
    await expect(failing).rejects.toThrow(/disk of the PostgreSQL server is full/);
  });

  it('names the constraint and nothing of the values', async () => {
    const slug = randomUUID();
    const insert = (name: string): Promise<unknown> =>
      access.query((prisma) => prisma.workspace.create({ data: { name, slug } }));
    await insert('canary');
    await expect(insert('canary')).rejects.toMatchObject({
      code: 'CONFLICT',
      details: { constraint: 'workspaces_slug_key' },
    });
    const failing = access.query((prisma) => prisma.workspace.create({ data: { name: '', slug: 'canary' } }));
    await expect(failing).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: 'a value is none that can be stored (workspaces_name_length)',
    });
  });

  it('is repeated when it is a deadlock or a serialisation failure, and found as such through every layer', async () => {
    let attempts = 0;
    const result = await access.transaction(async (tx) => {
      attempts += 1;
      if (attempts < 3) await tx.$queryRaw`SELECT fail(${attempts === 1 ? '40001' : '40P01'})::text`;
      return 'done';
    });
    expect([result, attempts]).toEqual(['done', 3]);
    expect(
      isWriteConflict({ cause: { meta: { driverAdapterError: { cause: { originalCode: '40P01' } } } } }),
    ).toBe(true);
  });

  it('that nobody foresaw stays what it is', async () => {
    const failing = access.query((prisma) => prisma.$queryRaw`SELECT nothing`);
    await expect(failing).rejects.not.toHaveProperty('details');
  });
});
