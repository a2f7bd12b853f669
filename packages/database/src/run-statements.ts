import type pg from 'pg';
import type { Prisma } from './generated/client.ts';

/** One statement, without Prisma between us and PostgreSQL. */
export interface Statement {
  readonly query: Prisma.Sql;
  /**
   * Under which each connection keeps it planned, for what is asked most; statements of one name have the same text.
   * Undefined plans it each time.
   */
  readonly name?: string;
}

/** In what statements run. */
export interface StatementPlace {
  /** Null for the services that work for all workspaces. */
  readonly workspaceId: string | null;
  readonly isReadOnly: boolean;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A transaction that takes several trips, because what happens in between decides how it goes on. */
export interface Steps {
  /** Sends statements and gives the rows of each; the transaction stays open. */
  readonly send: (statements: readonly Statement[]) => Promise<object[][]>;
  /** Sends the last ones and commits, in the same trip. */
  readonly commit: (statements: readonly Statement[]) => Promise<object[][]>;
}

/**
 * Runs statements in one transaction and one trip to the server: everything is sent before the first answer comes, so no
 * statement can depend on what another one gave. Inside a workspace they run as the role that sees nothing else
 * (docs/adr/0053).
 *
 * @param pool - of connections that pipeline
 * @returns the rows of each
 * @throws whatever PostgreSQL says of the first statement that failed; then none of them had an effect
 */
export async function runStatements(
  pool: pg.Pool,
  statements: readonly Statement[],
  place: StatementPlace,
): Promise<object[][]> {
  const [only] = statements;
  // A single statement is a transaction by itself.
  if (place.workspaceId === null && statements.length === 1 && only) {
    return [(await pool.query<object>(queryConfig(only))).rows];
  }
  return runInSteps(pool, place, ({ commit }) => commit(statements));
}

/** Runs a transaction of several trips. Without a `commit`, or when `work` throws, none of it had an effect. */
export async function runInSteps<T>(
  pool: pg.Pool,
  { workspaceId, isReadOnly }: StatementPlace,
  work: (steps: Steps) => Promise<T>,
): Promise<T> {
  const begin: pg.QueryConfig = { text: beginning(workspaceId, isReadOnly) };
  const client = await pool.connect();
  client.on('error', ignoreLoss);
  const transaction = { isOpen: false };
  let failure: Error | undefined;

  async function send(queries: readonly pg.QueryConfig[]): Promise<object[][]> {
    const first = transaction.isOpen ? [] : [begin];
    transaction.isOpen = true;
    const settled = await Promise.allSettled(
      [...first, ...queries].map((query) => client.query<object>(query)),
    );
    // After a failure PostgreSQL refuses the rest, and a COMMIT takes back what was before it.
    const failed = settled.find((one) => one.status === 'rejected');
    if (failed) throw failed.reason;
    return settled.slice(first.length).map((one) => (one.status === 'fulfilled' ? one.value.rows : []));
  }

  try {
    const done = await work({
      send: (statements) => send(statements.map(queryConfig)),
      async commit(statements) {
        const rows = await send([...statements.map(queryConfig), { text: 'COMMIT' }]);
        transaction.isOpen = false;
        return rows.slice(0, -1);
      },
    });
    if (transaction.isOpen) await client.query('ROLLBACK');
    return done;
  } catch (error) {
    failure = error instanceof Error ? error : new Error('a statement failed');
    throw error;
  } finally {
    client.off('error', ignoreLoss);
    // Whatever is left of the transaction, the next user of this connection must not be in it.
    client.release(failure);
  }
}

/** A lost connection fails the statements on their way; without a listener it would end the process as well. */
function ignoreLoss(): void {
  return;
}

function queryConfig({ query, name }: Statement): pg.QueryConfig {
  return { text: query.text, values: [...query.values], ...(name === undefined ? {} : { name }) };
}

function beginning(workspaceId: string | null, isReadOnly: boolean): string {
  const begin = isReadOnly ? 'BEGIN READ ONLY' : 'BEGIN';
  if (workspaceId === null) return begin;
  // Several statements in one message take no parameters, so what stands in this one is checked first.
  if (!UUID.test(workspaceId)) throw new TypeError('a workspace is named by a UUID in small letters');
  return `${begin}; SELECT set_config('role', 'cookie_scanner_workspace', true),
                           set_config('cookie_scanner.workspace_id', '${workspaceId}', true)`;
}
