import type { Duplex } from 'node:stream';
import type { Logger } from '@cookie-scanner/observability';
import pg from 'pg';

/** When a PostgreSQL that says nothing counts as away. The two together are the longest wait of a query for nothing. */
export interface SilenceLimits {
  /** So long after a connection was taken for use, it is asked whether PostgreSQL answers at all, in milliseconds. */
  readonly suspectAfterMs: number;
  /** How long that answer may take, in milliseconds. */
  readonly answerTimeoutMs: number;
}

/** What every client of a pool has, though its type does not say so. */
interface Connected {
  readonly connection: { readonly stream: Duplex };
}

/**
 * Ends connections that wait for a server that has become silent, as behind a network that swallows packets: their queries
 * fail at once as if the connection had broken. A query that only takes long is left alone, because PostgreSQL answers a
 * new connection meanwhile.
 */
export function watchForSilence(
  pool: pg.Pool,
  { url, limits, logger }: { url: string; limits: SilenceLimits; logger: Logger },
): void {
  const { suspectAfterMs, answerTimeoutMs } = limits;
  /** Connections in use, with the time at which they will be suspected. */
  const suspectedAt = new Map<pg.PoolClient, number>();
  let timer: NodeJS.Timeout | null = null;
  let isLooking = false;

  function schedule(): void {
    if (timer || isLooking || suspectedAt.size === 0) return;
    const leftMs = Math.min(...suspectedAt.values()) - performance.now();
    timer = setTimeout(() => void look(), Math.max(0, leftMs)).unref();
  }

  async function look(): Promise<void> {
    timer = null;
    isLooking = true;
    const nowMs = performance.now();
    const suspects = [...suspectedAt].filter(([, atMs]) => atMs <= nowMs);
    if (suspects.length > 0 && !(await answers(url, answerTimeoutMs))) endAll(suspects);
    // Those that are still in use are asked about again.
    for (const [client] of suspects) {
      if (suspectedAt.has(client)) suspectedAt.set(client, performance.now() + suspectAfterMs);
    }
    isLooking = false;
    schedule();
  }

  function endAll(suspects: readonly (readonly [pg.PoolClient, number])[]): void {
    // Whoever was given back meanwhile had its answer.
    const silent = suspects.filter(([client, atMs]) => suspectedAt.get(client) === atMs);
    if (silent.length === 0) return;
    logger.warn('PostgreSQL is silent; what waits for it fails', { connections: silent.length });
    for (const [client] of silent) {
      suspectedAt.delete(client);
      // No farewell: it would wait for the answers of all that was sent before.
      (client as unknown as Connected).connection.stream.destroy();
    }
  }

  pool.on('acquire', (client) => {
    suspectedAt.set(client, performance.now() + suspectAfterMs);
    schedule();
  });
  pool.on('release', (_error, client) => void suspectedAt.delete(client));
  pool.on('remove', (client) => void suspectedAt.delete(client));
}

async function answers(url: string, timeoutMs: number): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: timeoutMs });
  // It may break after it was connected, too.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch (error) {
    // "Too many connections" and the like are answers.
    return error instanceof pg.DatabaseError;
  } finally {
    client.end().catch(() => undefined);
  }
}
