import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { loadConfig, notificationConfig, scanConfig } from '@cookie-scanner/config';
import { z } from 'zod';

/** Servers and folders that the user brings along; null where the stack has its own. */
const ownServersConfig = z
  .object({
    DATABASE_URL: z.string().nullable().default(null),
    REDIS_URL: z.string().nullable().default(null),
    ARTIFACTS_DIR: z.string().nullable().default(null),
    AUDIT_ANCHOR_FILE: z.string().nullable().default(null),
    SCAN_VALUE_HASH_KEY: z.string().nullable().default(null),
    JWT_SECRET: z.string().nullable().default(null),
    AUTH_ENCRYPTION_KEY: z.string().nullable().default(null),
  })
  .transform((env) => ({
    databaseUrl: env.DATABASE_URL,
    redisUrl: env.REDIS_URL,
    artifactsDir: env.ARTIFACTS_DIR,
    anchorFile: env.AUDIT_ANCHOR_FILE,
    valueHashKey: env.SCAN_VALUE_HASH_KEY,
    jwtSecret: env.JWT_SECRET,
    encryptionKey: env.AUTH_ENCRYPTION_KEY,
  }));

/** What the stack must know of the user's settings. */
export interface StackSettings {
  readonly databaseUrl: string | null;
  readonly redisUrl: string | null;
  readonly artifactsDir: string | null;
  readonly anchorFile: string | null;
  readonly valueHashKey: string | null;
  readonly jwtSecret: string | null;
  readonly encryptionKey: string | null;
  readonly browserExecutable: string | null;
  /** Equal for equal settings of everything that the services read; tells nothing about them. */
  readonly fingerprint: string;
}

/**
 * Reads the user's settings as the services will.
 *
 * @throws AppError CONFIG_INVALID naming every bad setting
 */
export function readStackSettings(environment: NodeJS.ProcessEnv, rootDir: string): StackSettings {
  const { own, scan, notification } = loadConfig(
    { own: ownServersConfig, scan: scanConfig, notification: notificationConfig },
    environment,
    rootDir,
  );
  const fingerprint = createHash('sha256').update(JSON.stringify({ own, scan, notification })).digest('hex');
  return { ...own, browserExecutable: scan.browserExecutable, fingerprint };
}

/** Secrets that a checkout makes for itself where the settings have none. */
type LocalSecret = 'value-hash-key' | 'jwt-secret' | 'auth-encryption-key';

/** A secret of this checkout, made at its first use and readable for its owner alone. */
export function localSecret(dataDir: string, name: LocalSecret): string {
  const path = join(dataDir, name);
  if (!existsSync(path)) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, randomBytes(32).toString('hex'), { mode: 0o600 });
  }
  return readFileSync(path, 'utf8');
}
