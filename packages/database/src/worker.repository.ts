import type { Worker, WorkerPool } from '@cookie-scanner/contracts';
import { databaseAccess, type Database, type DatabaseAccess } from './open-database.ts';
import { WORKER_SILENCE_MAX_SECONDS } from './scan-pools.ts';

/** What a worker says of itself at each sign of life. */
export interface WorkerSign {
  name: string;
  labels: readonly string[];
  version: string;
  slots: number;
  running: number;
}

/** The workers that are there. What one says counts until it says something else or falls silent. */
export interface WorkerRepository {
  /** Gives a sign of life; the first one makes the worker known. */
  announce(sign: WorkerSign): Promise<void>;
  /** Forgets a worker, which takes no more scans. */
  withdraw(name: string): Promise<void>;
  /** All that are known, the one that joined first first. */
  list(): Promise<Worker[]>;
  /** The scans that wait or run by the labels that they ask for; those without a worker first, at most 100. */
  pools(): Promise<WorkerPool[]>;
  /** Forgets those that were silent for a day; returns how many. */
  forgetSilent(): Promise<number>;
}

const POOLS_MAX = 100;

/** The workers as a database knows them. */
export function workerRepository(database: Database): WorkerRepository {
  const access = databaseAccess(database);
  return {
    announce: async ({ name, labels, version, slots, running }) => {
      await access.query(
        (prisma) => prisma.$executeRaw`
          INSERT INTO workers (name, labels, version, slots, running)
          VALUES (${name}, ${[...labels]}, ${version}, ${slots}, ${running})
          ON CONFLICT (name) DO UPDATE
             SET labels = excluded.labels, slots = excluded.slots, running = excluded.running,
                 seen_at = clock_timestamp()`,
      );
    },
    withdraw: async (name) => {
      await access.query((prisma) => prisma.worker.deleteMany({ where: { name } }));
    },
    list: () => listWorkers(access),
    pools: () => listPools(access),
    forgetSilent: () =>
      access.query(
        (prisma) => prisma.$executeRaw`DELETE FROM workers WHERE seen_at < now() - interval '1 day'`,
      ),
  };
}

async function listWorkers(access: DatabaseAccess): Promise<Worker[]> {
  const rows = await access.query(
    (prisma) => prisma.$queryRaw<
      (Omit<Worker, 'startedAt' | 'seenAt'> & { createdAt: Date; seenAt: Date })[]
    >`
      SELECT name, labels, version, slots, running, created_at AS "createdAt", seen_at AS "seenAt",
             seen_at > now() - ${WORKER_SILENCE_MAX_SECONDS} * interval '1 second' AS "isAlive"
        FROM workers ORDER BY created_at, name LIMIT 1000`,
  );
  return rows.map(({ createdAt, seenAt, ...worker }) => ({
    ...worker,
    startedAt: createdAt.toISOString(),
    seenAt: seenAt.toISOString(),
  }));
}

async function listPools(access: DatabaseAccess): Promise<WorkerPool[]> {
  const rows = await access.query(
    (prisma) => prisma.$queryRaw<(Omit<WorkerPool, 'missingSince'> & { missingSince: Date | null })[]>`
      SELECT scan.worker_labels AS labels, count(*) FILTER (WHERE status = 'queued')::int AS waiting,
             count(*) FILTER (WHERE status = 'running')::int AS running,
             min(pool_missing_since) FILTER (WHERE status = 'queued') AS "missingSince",
             (SELECT count(*)::int FROM workers AS worker
               WHERE worker.seen_at > now() - ${WORKER_SILENCE_MAX_SECONDS} * interval '1 second'
                 AND worker.labels @> scan.worker_labels) AS workers
        FROM scan_results AS scan WHERE status IN ('queued', 'running')
       GROUP BY scan.worker_labels
       ORDER BY "missingSince" NULLS LAST, waiting DESC, labels LIMIT ${POOLS_MAX}`,
  );
  return rows.map((row) => ({ ...row, missingSince: row.missingSince?.toISOString() ?? null }));
}
