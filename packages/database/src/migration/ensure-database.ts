import pg from 'pg';

/** Database that every PostgreSQL server has, to connect to while the wanted one does not exist. */
const MAINTENANCE_DATABASE = 'postgres';

/** Codes for "exists already": seen by the check, or by the index when two create it in the same moment. */
const EXISTS_CODES: ReadonlySet<unknown> = new Set(['42P04', '23505']);

/**
 * Makes sure that the database a URL names exists, creating it empty when it does not.
 *
 * @returns whether it had to be created
 * @throws the error of `pg`, such as for a server that does not answer or a user who may not create databases
 */
export async function ensureDatabase(url: string): Promise<boolean> {
  if (await exists(url)) return false;
  const name = databaseName(url);
  const client = connectable(withDatabase(url, MAINTENANCE_DATABASE));
  try {
    await client.connect();
    // Not from template1, whose encoding may be one that cannot hold the names of the world's cookies.
    await client.query(`CREATE DATABASE ${pg.escapeIdentifier(name)} TEMPLATE template0 ENCODING 'UTF8'`);
    return true;
  } catch (error) {
    if (EXISTS_CODES.has((error as { code?: unknown }).code)) return false;
    throw error;
  } finally {
    await client.end();
  }
}

/** The URL with another database in place of its own. */
export function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${encodeURIComponent(name)}`;
  return changed.href;
}

/** Name of the database that a URL leads to; PostgreSQL's rule without one is the name of the user. */
function databaseName(url: string): string {
  const { pathname, username } = new URL(url);
  return decodeURIComponent(pathname.slice(1)) || decodeURIComponent(username);
}

async function exists(url: string): Promise<boolean> {
  const client = connectable(url);
  try {
    await client.connect();
    return true;
  } catch (error) {
    if ((error as { code?: unknown }).code === '3D000') return false;
    throw error;
  } finally {
    await client.end();
  }
}

function connectable(url: string): pg.Client {
  return new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
}
