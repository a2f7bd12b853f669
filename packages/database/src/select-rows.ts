import type pg from 'pg';
import { databaseError } from './database-error.ts';
import type { Prisma } from './generated/client.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Reads rows with one statement. Inside a workspace it runs as the role that sees nothing else (docs/adr/0053), in a
 * transaction of its own: that and the end of it are one trip to the server each.
 *
 * @param workspaceId - null for the services that work for all workspaces
 */
export async function selectRows<TRow extends object>(
  pool: pg.Pool,
  query: Prisma.Sql,
  workspaceId: string | null,
): Promise<TRow[]> {
  try {
    const statement = { text: query.text, values: [...query.values] };
    if (workspaceId === null) return (await pool.query<TRow>(statement)).rows;
    return await selectWalled<TRow>(pool, statement, workspaceId);
  } catch (error) {
    throw databaseError(error);
  }
}

async function selectWalled<TRow extends object>(
  pool: pg.Pool,
  statement: { text: string; values: unknown[] },
  workspaceId: string,
): Promise<TRow[]> {
  // Several statements in one message take no parameters, so what stands in this one is checked first.
  if (!UUID.test(workspaceId)) throw new TypeError('a workspace is named by a UUID in small letters');
  const client = await pool.connect();
  let failure: Error | undefined;
  try {
    await client.query(
      `BEGIN READ ONLY; SELECT set_config('role', 'cookie_scanner_workspace', true),
                               set_config('cookie_scanner.workspace_id', '${workspaceId}', true)`,
    );
    const { rows } = await client.query<TRow>(statement);
    await client.query('COMMIT');
    return rows;
  } catch (error) {
    // Whatever is left of the transaction, the next user of this connection must not be in it.
    failure = error instanceof Error ? error : new Error('a query failed');
    throw error;
  } finally {
    client.release(failure);
  }
}
