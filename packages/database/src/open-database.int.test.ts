import { scanParamsSchema } from '@cookie-scanner/contracts';
import { createServer, type Server } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { silentLogger } from '@cookie-scanner/observability';
import { withDatabase } from './migration/ensure-database.ts';
import { databaseAccess, openDatabase, type Database } from './open-database.ts';
import { scanRepository } from './scan.repository.ts';
import { createTestDatabase, type TestDatabase } from './testing/create-test-database.ts';

const UNAVAILABLE = { name: 'AppError', code: 'DATABASE_UNAVAILABLE' };

describe('a database', () => {
  let test: TestDatabase;
  let database: Database;

  beforeAll(async () => {
    test = await createTestDatabase();
    database = openDatabase({ url: test.url, logger: silentLogger });
  });
  afterAll(async () => {
    await database.close();
    await test.drop();
  });

  const create = (opened: Database): Promise<{ id: string; queuedAt: string }> =>
    scanRepository(opened).create({
      requestedUrl: 'https://shop.example/',
      params: scanParamsSchema.parse({ mode: 'quick', timeoutMs: 60_000 }),
    });
  const opened = async (change: object, work: (database: Database) => Promise<void>): Promise<void> => {
    const other = openDatabase({ url: test.url, logger: silentLogger, ...change });
    await work(other).finally(() => other.close());
  };

  it('answers a ping', async () => {
    await database.ping();
  });

  it.each([
    ['nobody listens', 'postgresql://postgres@127.0.0.1:1/x'],
    ['the host is unknown', 'postgresql://postgres@no-such-host.invalid/x'],
  ])('is unavailable when %s, for queries and transactions alike', async (_case, url) => {
    await opened({ url }, async (away) => {
      await expect(away.ping()).rejects.toMatchObject(UNAVAILABLE);
      await expect(create(away)).rejects.toMatchObject(UNAVAILABLE);
    });
  });

  it('says so when the database or the user is the problem, without the password', async () => {
    await opened({ url: withDatabase(test.url, 'no_such_database') }, async (missing) => {
      await expect(missing.ping()).rejects.toThrow(/does not exist: run the migrations/);
    });
    const url = new URL(test.url);
    url.username = 'nobody-known';
    url.password = 'canary';
    await opened({ url: url.href }, async (refused) => {
      const error: unknown = await refused.ping().catch((reason: unknown) => reason);
      expect(error).toMatchObject(UNAVAILABLE);
      expect((error as Error).message).not.toContain('canary');
    });
  });

  it('is unavailable in time when the server accepts and then stays silent', async () => {
    const silent: Server = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    await opened({ url: `postgresql://x@127.0.0.1:${port}/x`, connectTimeoutMs: 200 }, async (away) => {
      await expect(away.ping()).rejects.toMatchObject(UNAVAILABLE);
      await expect(create(away)).rejects.toMatchObject(UNAVAILABLE);
    });
    silent.close();
  });

  it('is unavailable when every connection of the pool is busy for too long, and recovers', async () => {
    await opened({ poolMax: 1, connectTimeoutMs: 1_500 }, async (small) => {
      const busy = Promise.withResolvers<undefined>();
      const holding = Promise.withResolvers<undefined>();
      const holder = databaseAccess(small).transaction(async (tx) => {
        await tx.$queryRaw`SELECT 1 AS one`;
        holding.resolve(undefined);
        await busy.promise;
      });
      await Promise.race([holding.promise, holder]);
      await expect(small.ping()).rejects.toMatchObject(UNAVAILABLE);
      await expect(create(small)).rejects.toMatchObject(UNAVAILABLE);
      busy.resolve(undefined);
      await holder;
      await small.ping();
    });
  });

  it('ends a statement that runs too long', async () => {
    await opened({ statementTimeoutMs: 100 }, async (impatient) => {
      const sleep = databaseAccess(impatient).query(
        (prisma) => prisma.$queryRaw`SELECT 1 AS one FROM pg_sleep(30)`,
      );
      await expect(sleep).rejects.toMatchObject({
        ...UNAVAILABLE,
        message: expect.stringContaining('TIMEOUT'),
      });
    });
  });

  it('heals by itself after PostgreSQL ended its connections, in and out of a transaction', async () => {
    await opened({ poolMax: 1, connectTimeoutMs: 2_000 }, async (healing) => {
      const endAll = (): Promise<unknown> =>
        test.sql(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE application_name = 'cookie-scanner' AND datname = current_database()`);
      await healing.ping();
      await endAll();
      const cut = databaseAccess(healing).transaction(async (tx) => {
        await tx.$queryRaw`SELECT 1 AS one`;
        await endAll();
        await tx.$queryRaw`SELECT 2 AS two`;
      });
      await expect(cut).rejects.toMatchObject(UNAVAILABLE);
      // A connection may be found dead only when it is used; each such find costs one call.
      for (let attempt = 1; attempt <= 3; attempt += 1) await healing.ping().catch(() => undefined);
      await create(healing);
    });
  });

  it('repeats a transaction that lost against another one, and gives up after three times', async () => {
    let runs = 0;
    const deadlock = (failures: number): Promise<string> =>
      databaseAccess(database).transaction(async (tx) => {
        runs += 1;
        if (runs <= failures) {
          await tx.$executeRaw`DO $$ BEGIN RAISE EXCEPTION 'lost' USING ERRCODE = 'deadlock_detected'; END $$`;
        }
        return 'done';
      });
    expect(await deadlock(2)).toBe('done');
    expect(runs).toBe(3);
    runs = 0;
    await expect(deadlock(3)).rejects.toMatchObject({
      ...UNAVAILABLE,
      details: { code: expect.any(String) },
    });
    expect(runs).toBe(3);
  });

  it('lets two writers that deadlock both succeed', async () => {
    const [a, b] = [(await create(database)).id, (await create(database)).id];
    const bothHold = Promise.withResolvers<undefined>();
    let holding = 0;
    const touch = (first: string, second: string): Promise<void> =>
      databaseAccess(database).transaction(async (tx) => {
        await tx.scanResult.update({ where: { id: first }, data: { offer: { increment: 1 } } });
        holding += 1;
        if (holding === 2) bothHold.resolve(undefined);
        await bothHold.promise;
        await tx.scanResult.update({ where: { id: second }, data: { offer: { increment: 1 } } });
      });
    await Promise.all([touch(a, b), touch(b, a)]);
    const rows = await test.sql('SELECT offer FROM scan_results WHERE id = ANY($1)', [[a, b]]);
    expect(rows).toEqual([{ offer: 2 }, { offer: 2 }]);
  });

  it('keeps times right whatever time zone the server prefers', async () => {
    await test.sql(`DO $$ BEGIN
      EXECUTE format('ALTER DATABASE %I SET TimeZone = ''Asia/Kolkata''', current_database()); END $$`);
    await opened({}, async (elsewhere) => {
      const { id, queuedAt } = await create(elsewhere);
      const rows = await test.sql<{ ms: number }>(
        'SELECT extract(epoch FROM queued_at)::float8 * 1000 AS ms FROM scan_results WHERE id = $1',
        [id],
      );
      expect(Date.parse(queuedAt)).toBe(Math.floor(rows[0]?.ms ?? 0));
    });
  });

  it('passes on as it is what is a bug and not an outage', async () => {
    const broken = databaseAccess(database).query((prisma) => prisma.$queryRaw`SELECT no_such_column`);
    await expect(broken).rejects.toMatchObject({ name: 'PrismaClientKnownRequestError' });
  });

  it('refuses work after it was closed', async () => {
    const closed = openDatabase({ url: test.url, logger: silentLogger });
    await closed.ping();
    await closed.close();
    await expect(closed.ping()).rejects.toMatchObject(UNAVAILABLE);
  });
});
