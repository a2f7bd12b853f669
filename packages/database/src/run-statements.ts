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
  { workspaceId, isReadOnly }: StatementPlace,
): Promise<object[][]> {
  const [only] = statements;
  // A single statement is a transaction by itself.
  if (workspaceId === null && statements.length === 1 && only) {
    return [(await pool.query<object>(queryConfig(only))).rows];
  }
  const client = await pool.connect();
  client.on('error', ignoreLoss);
  let failure: Error | undefined;
  try {
    const sent = [
      client.query(beginning(workspaceId, isReadOnly)),
      ...statements.map((statement) => client.query<object>(queryConfig(statement))),
      client.query('COMMIT'),
    ];
    const settled = await Promise.allSettled(sent);
    // After a failure PostgreSQL refuses the rest, and COMMIT takes back what was before it.
    const failed = settled.find((one) => one.status === 'rejected');
    if (failed) throw failed.reason;
    const results = await Promise.all(sent.slice(1, -1));
    return results.map(({ rows }) => rows as object[]);
  } catch (error) {
    // Whatever is left of the transaction, the next user of this connection must not be in it.
    failure = error instanceof Error ? error : new Error('a statement failed');
    throw error;
  } finally {
    client.off('error', ignoreLoss);
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
