import { QUEUES, scanSiteQueue, type QueueName } from '@cookie-scanner/contracts';
import { Prisma } from './generated/client.ts';
import { databaseAccess, type Database, type DatabaseAccess } from './open-database.ts';
import { takeTurns } from './scan-turns.ts';

/** Work that was committed together with its cause and waits to be handed to its queue. */
export interface OutboxEvent {
  id: string;
  queue: QueueName;
  /** Fits the contract of its queue. */
  payload: unknown;
}

/** The outbox, as those see it who empty it. Writing to it is the business of the other repositories. */
export interface OutboxRepository {
  /**
   * Hands the oldest unsent events, at most `limit`, to `publish` and marks them sent once that resolves. They stay
   * locked meanwhile, so several relays never hand over the same event. When `publish` rejects, so does this, and all
   * of them remain unsent; when the process dies after publishing they are published again.
   *
   * @returns how many were published; 0 when nothing (or nothing free) was left
   */
  relayBatch(limit: number, publish: (events: OutboxEvent[]) => Promise<void>): Promise<number>;
  /** Milliseconds that the oldest unsent event has waited; null when all are sent. */
  oldestUnsentAgeMs(): Promise<number | null>;
  /** Removes events sent longer ago than this, at most 10,000 in one call; returns how many. */
  deleteSentOlderThan(ageMs: number): Promise<number>;
}

/** Longest a relay may hold its rows: enough for every queue to time out in turn. */
const RELAY_TIMEOUT_MS = 30_000;

const DELETE_BATCH_SIZE = 10_000;

const CONTRACTS = new Map<string, (typeof QUEUES)[number]>(
  QUEUES.map((contract) => [contract.name, contract]),
);

/** The outbox kept in a database. */
export function outboxRepository(database: Database): OutboxRepository {
  const access = databaseAccess(database);
  return {
    relayBatch: (limit, publish) =>
      access.transaction((tx) => relayBatch(tx, access.logger, limit, publish), RELAY_TIMEOUT_MS),
    oldestUnsentAgeMs: () => oldestUnsentAgeMs(access),
    deleteSentOlderThan: (ageMs) => deleteSentOlderThan(access, ageMs),
  };
}

async function relayBatch(
  tx: Prisma.TransactionClient,
  logger: DatabaseAccess['logger'],
  limit: number,
  publish: (events: OutboxEvent[]) => Promise<void>,
): Promise<number> {
  // Queues of a newer version stay in the outbox until its scheduler runs.
  const rows = await tx.$queryRaw<OutboxEvent[]>(unsentOutboxQuery([...CONTRACTS.keys()], limit));
  const good: OutboxEvent[] = [];
  for (const event of rows) {
    const reason = refusalReason(event);
    if (reason === null) {
      good.push(event);
      continue;
    }
    // One event that no queue takes must not hold back all the others.
    logger.error('outbox event refused', { eventId: event.id, queue: event.queue, reason });
    await tx.$executeRaw`UPDATE outbox_events SET refused_reason = ${reason} WHERE id = ${event.id}::uuid`;
  }
  if (good.length === 0) return 0;
  await publish(await withTurns(tx, good));
  await tx.$executeRaw`
    UPDATE outbox_events SET sent_at = clock_timestamp() WHERE id = ANY(${good.map(({ id }) => id)}::uuid[])`;
  return good.length;
}

/** The same events, those of scans with the turn that decides their place in the queue. */
async function withTurns(tx: Prisma.TransactionClient, events: OutboxEvent[]): Promise<OutboxEvent[]> {
  const scanIdOf = ({ queue, payload }: OutboxEvent): string | null =>
    queue === scanSiteQueue.name ? scanSiteQueue.payload.parse(payload).scanId : null;
  const turns = await takeTurns(
    tx,
    events.flatMap((event) => scanIdOf(event) ?? []),
  );
  return events.map((event) => {
    const turn = turns.get(scanIdOf(event) ?? '');
    return turn === undefined ? event : { ...event, payload: { ...(event.payload as object), turn } };
  });
}

/** The oldest unsent events of these queues that nobody else is handing over. */
export function unsentOutboxQuery(queues: readonly string[], limit: number): Prisma.Sql {
  return Prisma.sql`
    SELECT id, queue, payload FROM outbox_events
     WHERE sent_at IS NULL AND refused_reason IS NULL AND queue = ANY(${queues})
     ORDER BY sequence LIMIT ${limit} FOR UPDATE SKIP LOCKED`;
}

function refusalReason({ queue, payload }: OutboxEvent): string | null {
  const result = CONTRACTS.get(queue)?.payload.safeParse(payload);
  if (!result || result.success) return null;
  return result.error.issues.map(({ path, code }) => `${path.join('.')}: ${code}`).join('; ');
}

async function oldestUnsentAgeMs(access: DatabaseAccess): Promise<number | null> {
  const rows = await access.query(
    (prisma) => prisma.$queryRaw<{ age_ms: number }[]>`
      SELECT extract(epoch FROM now() - created_at)::float8 * 1000 AS age_ms FROM outbox_events
       WHERE sent_at IS NULL AND refused_reason IS NULL ORDER BY sequence LIMIT 1`,
  );
  return rows[0]?.age_ms ?? null;
}

function deleteSentOlderThan(access: DatabaseAccess, ageMs: number): Promise<number> {
  return access.query(
    (prisma) => prisma.$executeRaw`
      WITH old AS MATERIALIZED (
        SELECT id FROM outbox_events WHERE sent_at < now() - ${ageMs} * interval '1 millisecond'
         ORDER BY sent_at LIMIT ${DELETE_BATCH_SIZE} FOR UPDATE SKIP LOCKED
      )
      DELETE FROM outbox_events WHERE id IN (SELECT id FROM old)`,
  );
}
