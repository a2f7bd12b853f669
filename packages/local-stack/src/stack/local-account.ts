import {
  apiKeyPrefixOf,
  makeApiKey,
  makeFirstAdmin,
  passwordHasher,
  keysOfEncryptionKey,
  secretHash,
} from '@cookie-scanner/auth';
import { apiKeyScopeSchema } from '@cookie-scanner/contracts';
import {
  accessRepository,
  apiKeyRepository,
  DEFAULT_WORKSPACE_ID,
  openDatabase,
  userRepository,
  type Database,
} from '@cookie-scanner/database';
import { AppError } from '@cookie-scanner/errors';
import { silentLogger } from '@cookie-scanner/observability';
import { keepApiKey, keptApiKey, type FirstAdmin } from './local-api-key.ts';

/** Address of the Admin that a new installation on this machine begins with. No mail goes there. */
const ADMIN = { email: 'admin@cookie-scanner.local', name: 'Admin' };

const KEY = {
  name: 'Commands of this machine',
  scopes: apiKeyScopeSchema.options,
  rateLimitPerMinute: 10_000,
  callerNetworks: ['127.0.0.0/8', '::1'],
  expiresAt: null,
  workspaceId: DEFAULT_WORKSPACE_ID,
};

interface LocalAccountOptions {
  readonly databaseUrl: string;
  /** Folder for what the platform keeps on this machine. */
  readonly dataDir: string;
  /** AUTH_ENCRYPTION_KEY of the gateway. */
  readonly encryptionKey: string;
}

/**
 * Opens the first account of a new installation, and sees to it that the commands of this checkout have a good API key.
 *
 * @returns null when there were accounts already
 * @throws AppError DATABASE_UNAVAILABLE, and MACHINE_NOT_READY when no Admin is left in whose name a key could be made
 */
export async function openLocalAccount(options: LocalAccountOptions): Promise<FirstAdmin | null> {
  const database = openDatabase({ url: options.databaseUrl, poolMax: 2, logger: silentLogger });
  try {
    const deps = { users: userRepository(database), passwords: passwordHasher() };
    const made = await makeFirstAdmin(deps, ADMIN);
    await renewApiKey(database, options);
    return made && { email: made.user.email, password: made.password };
  } finally {
    await database.close();
  }
}

async function renewApiKey(
  database: Database,
  { dataDir, encryptionKey }: LocalAccountOptions,
): Promise<void> {
  const keys = keysOfEncryptionKey(encryptionKey);
  const kept = keptApiKey(dataDir) ?? '';
  const prefix = apiKeyPrefixOf(kept);
  const known = prefix === null ? null : await accessRepository(database).ofKey(prefix);
  const isGood =
    known?.keyHash === secretHash(keys, kept) &&
    !known.isRevoked &&
    !known.isExpired &&
    known.userState === 'active' &&
    known.role === 'Admin' &&
    KEY.scopes.every((scope) => known.scopes.includes(scope));
  if (isGood) return;

  const userId = await userRepository(database).findAdminOf(DEFAULT_WORKSPACE_ID);
  if (userId === null) {
    throw new AppError(
      'MACHINE_NOT_READY',
      'The default workspace has no active Admin in whose name the commands could work; make somebody one.',
    );
  }
  const apiKeys = apiKeyRepository(database);
  const { text } = await makeApiKey({ keys, apiKeys }, { ...KEY, userId }, { actorKind: 'system' });
  keepApiKey(dataDir, text);
}
