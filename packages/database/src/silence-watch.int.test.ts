import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { silentLogger, type Logger } from '@cookie-scanner/observability';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { databaseAccess, openDatabase } from './open-database.ts';
import type { SilenceLimits } from './silence-watch.ts';
import { createTestDatabase, type TestDatabase } from './testing/create-test-database.ts';

/** Far beyond what this test may take: whatever fails before does not fail because of it. */
const STATEMENT_TIMEOUT_MS = 600_000;
/** Enough to get in on a busy machine, and short enough to wait for in vain. */
const CONNECT_TIMEOUT_MS = 10_000;

describe('a query that gets no answer', () => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await createTestDatabase();
  });
  afterAll(() => test.drop());

  /** A database behind a way that can be made to swallow everything. */
  async function opened(silence: SilenceLimits) {
    const warnings: string[] = [];
    const logger: Logger = { ...silentLogger, warn: (message) => void warnings.push(message) };
    const way = await openWay(new URL(test.url));
    const url = new URL(test.url);
    url.port = String(way.port);
    const options = {
      statementTimeoutMs: STATEMENT_TIMEOUT_MS,
      connectTimeoutMs: CONNECT_TIMEOUT_MS,
      silence,
    };
    const database = openDatabase({ url: url.href, ...options, logger });
    return { database, way, warnings, access: databaseAccess(database) };
  }

  it('fails as unavailable when PostgreSQL has become silent, in and out of transactions', async () => {
    const { database, way, warnings, access } = await opened({
      suspectAfterMs: 200,
      answerTimeoutMs: 2_000,
    });
    await database.ping();
    const inTransaction = Promise.withResolvers<void>();
    const swallowed = Promise.withResolvers<void>();
    const transaction = access.transaction(async (tx) => {
      await tx.$queryRaw`SELECT 1 AS one`;
      inTransaction.resolve();
      await swallowed.promise;
      await tx.$queryRaw`SELECT 1 AS one`;
    });
    await Promise.race([inTransaction.promise, transaction]);
    way.swallow();
    swallowed.resolve();

    await expect(transaction).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    await expect(database.ping()).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    expect(warnings).toContain('PostgreSQL is silent; what waits for it fails');

    way.pass();
    await database.ping();
    await database.close();
    await way.close();
  });

  it('is waited for while PostgreSQL answers others', async () => {
    const { database, way, warnings, access } = await opened({ suspectAfterMs: 20, answerTimeoutMs: 60_000 });
    const slow = access.query((prisma) => prisma.$queryRaw`SELECT 1 AS one FROM pg_sleep(1)`);
    await expect(slow).resolves.toEqual([{ one: 1 }]);
    expect(warnings).toEqual([]);
    await database.close();
    await way.close();
  });
});

/** A way to a server that can swallow what is sent. */
async function openWay({ hostname, port }: URL) {
  const sockets = new Set<Socket>();
  let isSwallowing = false;
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on('data', (chunk) => void (isSwallowing || to.write(chunk)));
      from.on('error', () => undefined);
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    swallow: () => void (isSwallowing = true),
    pass: () => void (isSwallowing = false),
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
