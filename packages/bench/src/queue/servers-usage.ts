import { silentLogger } from '@cookie-scanner/observability';
import { openRedis } from '@cookie-scanner/redis';
import type pg from 'pg';
import { parentOf, treeUsage } from '../engine/process-tree.ts';

/** CPU time that the servers took since they were started, in milliseconds. */
export interface ServersUsage {
  read(): Promise<{ PostgreSQL: number; Redis: number }>;
  close(): Promise<void>;
}

const REDIS_WITHIN_MS = 10_000;

/** Looks at the servers of this machine. Linux only: PostgreSQL's time comes from `/proc`. */
export async function openServersUsage(client: pg.Client, redisUrl: string): Promise<ServersUsage> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const postmaster = parentOf(rows[0]?.pid ?? 0);
  const redis = openRedis({ url: redisUrl, prefix: 'bench', logger: silentLogger });
  await redis.ping(REDIS_WITHIN_MS);
  return {
    async read() {
      const info = await redis.connection('failFast').info('cpu');
      const seconds = ['sys', 'user'].map((kind) =>
        Number(new RegExp(`used_cpu_${kind}:([\\d.]+)`).exec(info)?.[1] ?? 0),
      );
      return {
        PostgreSQL: treeUsage(postmaster, new Set()).cpuSeconds * 1_000,
        Redis: seconds.reduce((sum, part) => sum + part, 0) * 1_000,
      };
    },
    close: () => redis.close(),
  };
}
