import { randomUUID } from 'node:crypto';
import { keysOfEncryptionKey, makeApiKey } from '@cookie-scanner/auth';
import { apiKeyCreateSchema } from '@cookie-scanner/contracts';
import {
  apiKeyRepository,
  DEFAULT_WORKSPACE_ID,
  openDatabase,
  userRepository,
} from '@cookie-scanner/database';
import type { TestDatabase } from '@cookie-scanner/database/testing';
import { silentLogger } from '@cookie-scanner/observability';

/** Keys of the clients that use a platform while it is broken. */
export interface ClientKeys {
  readonly apiKey: string;
  /** Of another workspace. */
  readonly otherApiKey: string;
}

/** In the form of a hash; no password has it. */
const NO_PASSWORD = '$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHRzYWx0$bm8gcGFzc3dvcmQgaGFzIHRoaXM';

/**
 * Makes keys that may submit and read scans, in two workspaces, of a person who cannot sign in.
 *
 * @param encryptionKey - as the gateway has it
 */
export async function makeClientKeys(testDatabase: TestDatabase, encryptionKey: string): Promise<ClientKeys> {
  const database = openDatabase({ url: testDatabase.url, logger: silentLogger });
  try {
    const by = { actorKind: 'system' } as const;
    const users = userRepository(database);
    await users.createFirstAdmin(
      { email: 'chaos@example.org', name: 'Chaos', passwordHash: NO_PASSWORD },
      by,
    );
    const admin = await users.findCredentials({ email: 'chaos@example.org' });
    const userId = admin?.id ?? '';
    const otherId = randomUUID();
    await testDatabase.sql(`INSERT INTO workspaces (id, name, slug) VALUES ($1, 'Other', $2)`, [
      otherId,
      otherId,
    ]);
    await testDatabase.sql(
      `INSERT INTO workspace_members (workspace_id, user_id, role) VALUES ($1, $2, 'PI')`,
      [otherId, userId],
    );
    const deps = { keys: keysOfEncryptionKey(encryptionKey), apiKeys: apiKeyRepository(database) };
    const makeKey = async (workspaceId: string): Promise<string> => {
      const wanted = apiKeyCreateSchema.parse({ name: 'Chaos', scopes: ['scans:write', 'scans:read'] });
      return (await makeApiKey(deps, { ...wanted, workspaceId, userId }, by)).text;
    };
    return { apiKey: await makeKey(DEFAULT_WORKSPACE_ID), otherApiKey: await makeKey(otherId) };
  } finally {
    await database.close();
  }
}
