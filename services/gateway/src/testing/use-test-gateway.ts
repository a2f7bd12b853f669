import { createTestDatabase, type TestDatabase } from '@cookie-scanner/database/testing';
import { testRedis } from '@cookie-scanner/redis/testing';
import { afterAll, beforeAll } from '@jest/globals';
import { startTestGateway, type TestGateway } from './start-test-gateway.ts';

/** A gateway with a database and a Redis of its own, for the tests of one file. */
export interface UsedGateway {
  readonly gateway: TestGateway;
  readonly database: TestDatabase;
}

type Options = Omit<Parameters<typeof startTestGateway>[0], 'databaseUrl' | 'redis'>;

/** Starts a gateway before the tests of a file, and stops it after them. What is returned may be used inside tests. */
export function useTestGateway(options: Options = {}): UsedGateway {
  const redis = testRedis();
  let database: TestDatabase | null = null;
  let gateway: TestGateway | null = null;
  beforeAll(async () => {
    database = await createTestDatabase();
    gateway = await startTestGateway({ ...options, databaseUrl: database.url, redis });
  });
  afterAll(async () => {
    await gateway?.close();
    await database?.drop();
    await redis.cleanup();
  });
  return {
    get gateway() {
      return started(gateway);
    },
    get database() {
      return started(database);
    },
  };
}

function started<T>(value: T | null): T {
  if (value === null) throw new Error('the gateway is there inside tests only');
  return value;
}
