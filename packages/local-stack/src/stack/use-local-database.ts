import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '@cookie-scanner/errors';
import type { Announce } from '../announce.ts';
import { tryLock } from '../file-lock.mjs';
import { runningPostgresUrl, startPostgres } from '../postgres/start-postgres.ts';
import { openLedger } from '../programs/ledger.ts';
import { startGuardian } from '../programs/start-guardian.ts';
import { sweepLedger } from '../programs/sweep.ts';
import { localSecret, readStackSettings } from './stack-settings.ts';

interface UseLocalDatabaseOptions {
  /** Folder of the checkout. */
  readonly rootDir: string;
  /** Folder for what the platform keeps on this machine. */
  readonly dataDir: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly onProgress: Announce;
  readonly signal: AbortSignal;
}

/** The database of this checkout, for commands that work on it without the services. */
export interface LocalDatabase {
  readonly databaseUrl: string;
  readonly encryptionKey: string;
  /** The file that takes signed places of the audit log; it need not exist. */
  readonly anchorFile: string;
}

/**
 * Lets `work` use the database: the one that DATABASE_URL names, that of the platform that is running, or else the
 * embedded PostgreSQL of this checkout, which is started for as long as the work lasts.
 *
 * @throws AppError STACK_BUSY while the platform starts or stops; STACK_FAILED, MACHINE_NOT_READY, CONFIG_INVALID
 */
export async function useLocalDatabase<T>(
  options: UseLocalDatabaseOptions,
  work: (database: LocalDatabase) => Promise<T>,
): Promise<T> {
  const { dataDir, environment, rootDir } = options;
  const settings = readStackSettings(environment, rootDir);
  const facts = {
    encryptionKey: settings.encryptionKey ?? localSecret(dataDir, 'auth-encryption-key'),
    anchorFile: settings.anchorFile ?? anchorFilePath(dataDir),
  };
  const withUrl = (databaseUrl: string): Promise<T> => work({ ...facts, databaseUrl });
  if (settings.databaseUrl !== null) return withUrl(settings.databaseUrl);

  mkdirSync(dataDir, { recursive: true });
  const lock = await tryLock(join(dataDir, 'stack.lock'));
  if (lock) {
    try {
      return await withOwnServer(options, withUrl);
    } finally {
      lock.release();
    }
  }
  const url = await runningPostgresUrl(postgresFolder(dataDir), options.onProgress);
  if (url !== null) return withUrl(url);
  throw new AppError(
    'STACK_BUSY',
    'The platform of this checkout is starting or stopping; try again in a moment.',
  );
}

async function withOwnServer<T>(
  { dataDir, onProgress, signal }: UseLocalDatabaseOptions,
  work: (databaseUrl: string) => Promise<T>,
): Promise<T> {
  const ledgerPath = join(dataDir, 'stack.json');
  await sweepLedger(ledgerPath);
  const ledger = openLedger(ledgerPath);
  // Ends PostgreSQL when this process is killed.
  const guardian = startGuardian(ledgerPath, join(dataDir, 'stack.lock'));
  try {
    onProgress('Starting PostgreSQL');
    const { url, program } = await startPostgres({
      folder: postgresFolder(dataDir),
      logPath: join(dataDir, 'logs', 'postgresql.log'),
      isEphemeral: false,
      ledger,
      announce: onProgress,
      signal,
    });
    try {
      return await work(url);
    } finally {
      await program.stop();
    }
  } finally {
    ledger.close();
    await guardian.dismiss();
  }
}

/** Where the signed places of the audit log are kept on this machine. */
export function anchorFilePath(dataDir: string): string {
  return join(dataDir, 'audit-anchors.ndjson');
}

function postgresFolder(dataDir: string): string {
  return join(dataDir, 'postgres');
}
