import { join } from 'node:path';
import type { Announce } from '../announce.ts';
import { startPostgres } from '../postgres/start-postgres.ts';
import type { Ledger } from '../programs/ledger.ts';
import { findOrInstallRedis } from '../redis/find-redis.ts';
import { startRedis } from '../redis/start-redis.ts';

interface StartInfrastructureOptions {
  /** Folder for data. */
  readonly folder: string;
  readonly logFolder: string;
  /** Folder that outlives the run, for a Redis that had to be fetched. */
  readonly toolFolder: string;
  /** Without what protects the data when the power fails. */
  readonly isEphemeral: boolean;
  /** Servers that are used in place of our own; null starts one. */
  readonly databaseUrl: string | null;
  readonly redisUrl: string | null;
  readonly environment: NodeJS.ProcessEnv;
  readonly ledger: Ledger;
  readonly announce: Announce;
  readonly signal: AbortSignal;
}

/** PostgreSQL and Redis, ready for use. */
export interface Infrastructure {
  /** Holds a password; not for logs. */
  readonly databaseUrl: string;
  /** Holds a password; not for logs. */
  readonly redisUrl: string;
  /** Stops what was started here: Redis, then PostgreSQL. */
  stop(): Promise<void>;
}

/**
 * Starts PostgreSQL and Redis side by side, each on a free port of loopback, unless the settings name others.
 * When one of them fails, the other is stopped again.
 *
 * @throws AppError MACHINE_NOT_READY, STACK_FAILED, DISK_NOT_WRITABLE
 */
export async function startInfrastructure(options: StartInfrastructureOptions): Promise<Infrastructure> {
  const { folder, logFolder, toolFolder, isEphemeral, environment, ledger, announce, signal } = options;
  const logPath = (name: string): string => join(logFolder, `${name}.log`);

  // What is missing on the machine is found out first: it may have to be installed, and nothing runs meanwhile.
  const searchPath = environment['PATH'] ?? '';
  const redis =
    options.redisUrl === null
      ? await findOrInstallRedis(searchPath, join(toolFolder, 'redis'), announce)
      : null;

  const [postgresStart, redisStart] = await Promise.allSettled([
    options.databaseUrl === null
      ? startPostgres({
          folder: join(folder, 'postgres'),
          logPath: logPath('postgresql'),
          isEphemeral,
          ledger,
          announce,
          signal,
        })
      : { url: options.databaseUrl, program: null },
    redis
      ? startRedis({ redis, folder: join(folder, 'redis-run'), logPath: logPath('redis'), ledger, signal })
      : { url: options.redisUrl ?? '', program: null },
  ]);

  async function stop(): Promise<void> {
    for (const start of [redisStart, postgresStart]) {
      if (start.status === 'fulfilled') await start.value.program?.stop();
    }
  }

  if (postgresStart.status === 'fulfilled' && redisStart.status === 'fulfilled') {
    return { databaseUrl: postgresStart.value.url, redisUrl: redisStart.value.url, stop };
  }
  await stop();
  throw postgresStart.status === 'rejected'
    ? postgresStart.reason
    : (redisStart as PromiseRejectedResult).reason;
}
