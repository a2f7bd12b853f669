import type { Logger } from '@cookie-scanner/observability';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { databaseError, isWriteConflict } from './database-error.ts';
import { runInSteps, runStatements, type Statement, type Steps } from './run-statements.ts';
import { watchForSilence, type SilenceLimits } from './silence-watch.ts';
import { PrismaClient, type Prisma } from './generated/client.ts';

/** How to reach PostgreSQL, and how long to wait for it. */
export interface DatabaseOptions {
  url: string;
  /** Connections kept open at most; default 10. */
  poolMax?: number;
  /** Longest wait for a connection, whether new or from the pool; default 4,000. */
  connectTimeoutMs?: number;
  /** Longest run of one statement, and longest pause inside a transaction; default 30,000. */
  statementTimeoutMs?: number;
  /** When a server that says nothing counts as away; without it, a little after the longest run of a statement. */
  silence?: SilenceLimits;
  logger: Logger;
}

/** A pool of connections to PostgreSQL. Repositories are made from it; it knows nothing of tables itself. */
export interface Database {
  /**
   * Resolves when PostgreSQL answers.
   *
   * @throws AppError DATABASE_UNAVAILABLE
   */
  ping(): Promise<void>;
  /** Closes every connection, after the queries in flight. */
  close(): Promise<void>;
}

/** What repositories of this package see of a database; nobody else does. */
export interface DatabaseAccess {
  logger: Logger;
  /** The workspace that everything is bound to, by `inWorkspace`; null for the services that work for all of them. */
  workspaceId: string | null;
  /**
   * Reads rows with one statement, without Prisma between us and PostgreSQL: for what is asked most. Times are dates,
   * `bigint` is text. Errors come out as from `query`.
   */
  select<TRow extends object>(query: Prisma.Sql, name?: string): Promise<TRow[]>;
  /**
   * Runs statements in one transaction and one trip to the server, in the same way; gives the rows of the last. Of no use
   * where one statement depends on what another gave, unless both are written as one.
   */
  change<TRow extends object>(statements: readonly Statement[]): Promise<TRow[]>;
  /**
   * Runs a transaction of several trips in the same way, once: what happens between them cannot be repeated. Without a
   * `commit` none of it had an effect.
   */
  inSteps<T>(work: (steps: Steps) => Promise<T>): Promise<T>;
  /** Runs queries, each by itself. Every error comes out as `databaseError` says. */
  query<T>(work: (prisma: Prisma.TransactionClient) => Promise<T>): Promise<T>;
  /**
   * Runs `work` in one transaction, up to three times when PostgreSQL reports a deadlock or a write conflict, so
   * `work` must have no effect outside the database that must not be repeated.
   */
  transaction<T>(work: (tx: Prisma.TransactionClient) => Promise<T>, timeoutMs?: number): Promise<T>;
}

const TRANSACTION_ATTEMPTS = 3;
const CONNECT_TIMEOUT_MS = 4_000;
const accessOf = new WeakMap<Database, DatabaseAccess>();
const poolOf = new WeakMap<DatabaseAccess, pg.Pool>();

/** The inner side of a database that `openDatabase` made. */
export function databaseAccess(database: Database): DatabaseAccess {
  const access = accessOf.get(database);
  if (!access) throw new TypeError('not a database made by openDatabase');
  return access;
}

/** What passes Prisma, from inside a workspace. */
export function statementsIn(
  access: DatabaseAccess,
  workspaceId: string,
): Pick<DatabaseAccess, 'select' | 'change' | 'inSteps'> {
  const pool = poolOf.get(access);
  if (!pool) throw new TypeError('not the access that openDatabase made');
  return statementsOver(pool, workspaceId);
}

function statementsOver(
  pool: pg.Pool,
  workspaceId: string | null,
): Pick<DatabaseAccess, 'select' | 'change' | 'inSteps'> {
  // The caller says what its statement gives; that cannot be seen from here.
  const rowsOf = <TRow>(results: readonly object[][]): TRow[] => (results.at(-1) ?? []) as TRow[];
  return {
    select: async (query, name) => {
      try {
        const statement = name === undefined ? { query } : { query, name };
        return rowsOf(await runStatements(pool, [statement], { workspaceId, isReadOnly: true }));
      } catch (error) {
        throw databaseError(error);
      }
    },
    change: async (statements) =>
      rowsOf(
        await retryOnConflict(() => runStatements(pool, statements, { workspaceId, isReadOnly: false })),
      ),
    inSteps: async (work) => {
      try {
        return await runInSteps(pool, { workspaceId, isReadOnly: false }, work);
      } catch (error) {
        throw databaseError(error);
      }
    },
  };
}

/** The same connections with another way to use them; closing it closes the pool of both. */
export function databaseWith(database: Database, access: DatabaseAccess): Database {
  const other = { ...database };
  accessOf.set(other, access);
  return other;
}

/** Opens a pool. It connects when first used, so it may be opened while PostgreSQL is away. */
export function openDatabase(options: DatabaseOptions): Database {
  const { url, logger, silence, statementTimeoutMs = 30_000 } = options;
  const pool = new pg.Pool(poolConfig(options));
  const onConnectionError = (error: Error): void => {
    logger.warn('lost a connection to PostgreSQL', { error });
  };
  // Our own listener, because Prisma takes its one away before the last connection is gone.
  pool.on('error', onConnectionError);
  if (silence) watchForSilence(pool, { url, limits: silence, logger });
  const adapter = new PrismaPg(pool, { onConnectionError });
  const prisma = new PrismaClient({ adapter, errorFormat: 'minimal' });

  const access: DatabaseAccess = {
    logger,
    workspaceId: null,
    ...statementsOver(pool, null),
    query: async (work) => {
      try {
        return await work(prisma);
      } catch (error) {
        throw databaseError(error);
      }
    },
    transaction: (work, timeoutMs = statementTimeoutMs) =>
      retryOnConflict(() =>
        prisma.$transaction(work, {
          timeout: timeoutMs,
          maxWait: options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
        }),
      ),
  };

  const database: Database = {
    ping: async () => {
      await access.query((client) => client.$queryRaw`SELECT 1 AS answer`);
    },
    close: async () => {
      await prisma.$disconnect();
      await pool.end();
    },
  };
  accessOf.set(database, access);
  poolOf.set(access, pool);
  return database;
}

function poolConfig({
  url,
  poolMax = 10,
  connectTimeoutMs = CONNECT_TIMEOUT_MS,
  statementTimeoutMs = 30_000,
}: DatabaseOptions): pg.PoolConfig {
  return {
    connectionString: url,
    max: poolMax,
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: statementTimeoutMs,
    // PostgreSQL ends a statement itself; this is for a server that has become silent.
    query_timeout: statementTimeoutMs + 5_000,
    // A process that stands still inside a transaction must not hold its row locks for ever.
    idle_in_transaction_session_timeout: statementTimeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    application_name: 'cookie-scanner',
    // Statements may be sent before those before them are answered; Prisma waits for each all the same.
    pipeline: true,
    // Prisma sends times without a zone and means UTC.
    options: '-c TimeZone=UTC',
  };
}

async function retryOnConflict<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt === TRANSACTION_ATTEMPTS || !isWriteConflict(error)) throw databaseError(error);
    }
  }
}
