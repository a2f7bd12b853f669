import type { Logger } from '@cookie-scanner/observability';
import pg from 'pg';

export interface ListenOptions {
  url: string;
  /** Called when somebody committed work to the outbox, and after every (re)connection, for what was missed. */
  onNudge: () => void;
  logger: Logger;
}

/** A listener on the outbox. Nudges save waiting; whoever empties the outbox must also look by itself now and then. */
export interface OutboxListener {
  /** Resolves once it listens for the first time. */
  ready: Promise<void>;
  close(): Promise<void>;
}

/** Channel that the trigger on `outbox_events` notifies. */
const CHANNEL = 'outbox_events';

const BACKOFF_MS = { first: 100, most: 5_000 };

/** Listens for work committed to the outbox on a connection of its own, and connects again whenever that is lost. */
export function listenForOutbox({ url, onNudge, logger }: ListenOptions): OutboxListener {
  const ready = Promise.withResolvers<undefined>();
  let client: pg.Client | null = null;
  let retry: NodeJS.Timeout | undefined;
  let failures = 0;

  const connect = (): void => {
    const own = newClient(url);
    client = own;
    own.on('notification', onNudge);
    own.on('error', (error) => lost(own, error));
    own.on('end', () => lost(own));
    listen(own).then(
      () => {
        if (client !== own) return;
        failures = 0;
        ready.resolve(undefined);
        onNudge();
      },
      (error: unknown) => lost(own, error),
    );
  };

  const lost = (own: pg.Client, error?: unknown): void => {
    // Error and end both tell of one loss, and closing on purpose is none.
    if (client !== own) return;
    client = null;
    own.end().catch(() => undefined);
    const delayMs = Math.min(BACKOFF_MS.first * 2 ** failures, BACKOFF_MS.most);
    failures += 1;
    logger.warn('not listening to the outbox; connecting again', { delayMs, error });
    retry = setTimeout(connect, delayMs);
  };

  connect();
  return {
    ready: ready.promise,
    close: async () => {
      clearTimeout(retry);
      const own = client;
      client = null;
      await own?.end().catch(() => undefined);
    },
  };
}

function newClient(url: string): pg.Client {
  return new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    application_name: 'cookie-scanner-listen',
  });
}

async function listen(client: pg.Client): Promise<void> {
  await client.connect();
  await client.query(`LISTEN ${CHANNEL}`);
}
