import { randomUUID } from 'node:crypto';
import {
  accessRepository,
  openDatabase,
  passkeyRepository,
  secondFactorRepository,
  sessionRepository,
  userRepository,
} from '@cookie-scanner/database';
import { createTestDatabase } from '@cookie-scanner/database/testing';
import { silentLogger } from '@cookie-scanner/observability';
import { openRedis } from '@cookie-scanner/redis';
import { testRedis } from '@cookie-scanner/redis/testing';
import { signInLimits } from './account/sign-in-limits.ts';
import type { AuthDeps, Client } from './auth-deps.ts';
import { authKeys } from './auth-keys.ts';
import { passwordHasher } from './password/password-hasher.ts';

export const TEST_KEYS = authKeys({
  jwtSecret: 'a secret for tests of more than 32 characters',
  jwtSecretPrevious: null,
  jwtIssuer: 'issuer',
  jwtAudience: 'audience',
  encryptionKey: 'another secret for tests of more than 32 characters',
});

export const PASSWORD = 'nine purple lanterns';

/** A client at an address of its own, so that tests do not use up each other's tries. */
export function newClient(): Client {
  return { address: `2001:db8::${randomUUID().slice(0, 4)}`, userAgent: 'test', requestId: null };
}

/** Signing in with real PostgreSQL and Redis behind it. */
export async function openTestAuth() {
  const database = await createTestDatabase();
  const place = testRedis();
  const opened = openDatabase({ url: database.url, logger: silentLogger });
  const redis = openRedis({ ...place, logger: silentLogger });
  const deps: AuthDeps = {
    keys: TEST_KEYS,
    passwords: passwordHasher(),
    limits: signInLimits(redis),
    lifetimes: () => ({
      jwtLifetimeSeconds: 600,
      refreshLifetimeSeconds: 3_600,
      refreshIdleSeconds: 1_800,
    }),
    users: userRepository(opened),
    sessions: sessionRepository(opened),
    secondFactors: secondFactorRepository(opened),
    passkeys: passkeyRepository(opened),
    access: accessRepository(opened),
  };
  const passwordHash = await deps.passwords.hash(PASSWORD);
  return {
    deps,
    database,
    opened,
    /** An active account; its address. */
    async addUser(): Promise<{ id: string; email: string }> {
      const email = `${randomUUID()}@example.org`;
      const [row] = await database.sql<{ id: string }>(
        `INSERT INTO users (email, display_name, password_hash, state) VALUES ($1, 'Ada', $2, 'active') RETURNING id`,
        [email, passwordHash],
      );
      return { id: row?.id ?? '', email };
    },
    async close() {
      await opened.close();
      await redis.close();
      await place.cleanup();
      await database.drop();
    },
  };
}
