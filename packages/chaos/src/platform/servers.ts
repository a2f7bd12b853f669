import { fileURLToPath } from 'node:url';
import { createTestDatabase, type TestDatabase } from '@cookie-scanner/database/testing';
import { startBreakablePostgres, type BreakablePostgres } from '@cookie-scanner/local-stack';
import { startTestRedisServer, type TestRedisServer } from '@cookie-scanner/redis/testing';
import { addressOf, by, openTcpProxy, type TcpProxy } from './tcp-proxy.ts';

/** PostgreSQL and Redis, with the ways that lead to them. */
export interface Servers {
  readonly postgres: BreakablePostgres;
  /** The database of the platform, by a way of its own that no fault is made on. */
  readonly database: TestDatabase;
  readonly redis: TestRedisServer;
  /** The ways that the platform has. */
  readonly toDatabase: TcpProxy;
  readonly toRedis: TcpProxy;
  /** What the platform is told. */
  readonly databaseUrl: string;
  readonly redisUrl: string;
  /** Starts PostgreSQL again, and lets all ways lead to it. */
  startPostgres(): Promise<void>;
  close(): Promise<void>;
}

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));

/** Starts both. Redis is that of PATH, or the one of the test servers. */
export async function startServers(): Promise<Servers> {
  const postgres = await startBreakablePostgres({ rootDir: ROOT });
  const redis = await startTestRedisServer();
  const steadyWay = await openTcpProxy(addressOf(postgres.url()));
  const toDatabase = await openTcpProxy(addressOf(postgres.url()));
  const toRedis = await openTcpProxy(addressOf(redis.url));
  const database = await createTestDatabase(by(steadyWay, postgres.url()));
  return {
    ...{ postgres, redis, toDatabase, toRedis, database },
    databaseUrl: by(toDatabase, database.url),
    redisUrl: by(toRedis, redis.url),
    async startPostgres() {
      await postgres.start();
      for (const way of [steadyWay, toDatabase]) way.leadTo(addressOf(postgres.url()));
    },
    async close() {
      await database.drop();
      await Promise.all([steadyWay, toDatabase, toRedis].map((way) => way.close()));
      await redis.close();
      await postgres.close();
    },
  };
}
