import { authKeys, makeApiKey } from '@cookie-scanner/auth';
import { apiKeyCreateSchema, apiKeyScopeSchema } from '@cookie-scanner/contracts';
import { apiKeyRepository, openDatabase, userRepository } from '@cookie-scanner/database';
import { silentLogger } from '@cookie-scanner/observability';
import pg from 'pg';

/** Who asks in the benchmark. */
export interface ApiCallers {
  readonly userId: string;
  /** Many, because each may ask 10,000 times a minute only. */
  readonly keys: readonly string[];
}

const BY = { actorKind: 'system' } as const;
/** In the form of a hash; no password has it. */
const NO_PASSWORD = '$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHRzYWx0$bm8gcGFzc3dvcmQgaGFzIHRoaXM';

/** Secrets of the gateway that is measured. */
export const BENCH_SECRETS = {
  jwtSecret: 'a secret for benchmarks of more than 32 characters',
  jwtSecretPrevious: null,
  jwtIssuer: 'cookie-scanner',
  jwtAudience: 'cookie-scanner-api',
  encryptionKey: 'another secret for benchmarks of more than 32 characters',
};

/** Makes an Admin of a workspace with so many API keys. */
export async function prepareCallers(
  databaseUrl: string,
  workspaceId: string,
  keyCount: number,
): Promise<ApiCallers> {
  const database = openDatabase({ url: databaseUrl, logger: silentLogger });
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const email = 'bench@example.org';
    const users = userRepository(database);
    await client.query(
      `INSERT INTO users (email, display_name, password_hash, state) VALUES ($1, 'Bench', $2, 'active')`,
      [email, NO_PASSWORD],
    );
    const { id: userId } = (await users.findCredentials({ email })) ?? { id: '' };
    await client.query(
      `INSERT INTO workspace_members (workspace_id, user_id, role) VALUES ($1, $2, 'Admin')`,
      [workspaceId, userId],
    );
    const deps = { keys: authKeys(BENCH_SECRETS), apiKeys: apiKeyRepository(database) };
    const keys: string[] = [];
    for (let number = 0; number < keyCount; number += 1) {
      const wanted = apiKeyCreateSchema.parse({
        name: `Bench ${number}`,
        scopes: apiKeyScopeSchema.options,
        rateLimitPerMinute: 10_000,
      });
      keys.push((await makeApiKey(deps, { ...wanted, workspaceId, userId }, BY)).text);
    }
    return { userId, keys };
  } finally {
    await client.end();
    await database.close();
  }
}
