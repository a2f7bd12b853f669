import type { Prisma } from './generated/client.ts';
import { databaseAccess, databaseWith, statementsIn, type Database } from './open-database.ts';

/**
 * The same database, seen from inside one workspace. Repositories made of it find and change the rows of that
 * workspace alone: their queries say so, and PostgreSQL would show them nothing else, because every transaction takes
 * the role `cookie_scanner_workspace` (docs/adr/0053). Whoever calls has checked that the caller is a member.
 *
 * @param workspaceId - a UUID
 */
export function inWorkspace(database: Database, workspaceId: string): Database {
  const outer = databaseAccess(database);
  const walled =
    <T>(work: (tx: Prisma.TransactionClient) => Promise<T>) =>
    async (tx: Prisma.TransactionClient): Promise<T> => {
      // Both end with the transaction, so that the connection goes back to the pool as it was.
      await tx.$executeRaw`
        SELECT set_config('role', 'cookie_scanner_workspace', true),
               set_config('cookie_scanner.workspace_id', ${workspaceId}, true)`;
      return work(tx);
    };
  return databaseWith(database, {
    logger: outer.logger,
    workspaceId,
    ...statementsIn(outer, workspaceId),
    query: (work) => outer.transaction(walled(work)),
    transaction: (work, timeoutMs) => outer.transaction(walled(work), timeoutMs),
  });
}

/** For the condition of a query: the workspace it is bound to; nothing for the services that work for all of them. */
export function boundTo({ workspaceId }: { workspaceId: string | null }): { workspaceId?: string } {
  return workspaceId === null ? {} : { workspaceId };
}
