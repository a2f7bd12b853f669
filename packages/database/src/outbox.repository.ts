import { QUEUES, scanSiteQueue, type QueueName } from '@cookie-scanner/contracts';
import { Prisma } from './generated/client.ts';
import { databaseAccess, type Database, type DatabaseAccess } from './open-database.ts';
import type { Statement, Steps } from './run-statements.ts';
import { takeTurns, type WaitingScan } from './scan-turns.ts';

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
   * @returns how many were published or, for want of a worker, put aside; 0 when nothing (or nothing free) was left
   */
  relayBatch(limit: number, publish: (events: OutboxEvent[]) => Promise<void>): Promise<number>;
  /** Milliseconds that the oldest unsent event has waited; null when all are sent. */
  oldestUnsentAgeMs(): Promise<number | null>;
  /** Removes events sent longer ago than this, at most 10,000 in one call; returns how many. */
  deleteSentOlderThan(ageMs: number): Promise<number>;
}

const DELETE_BATCH_SIZE = 10_000;

const UUID_PATTERN = '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$';

const CONTRACTS = new Map<string, (typeof QUEUES)[number]>(
  QUEUES.map((contract) => [contract.name, contract]),
);

/** The outbox kept in a database. */
export function outboxRepository(database: Database): OutboxRepository {
  const access = databaseAccess(database);
  return {
    relayBatch: (limit, publish) =>
      access.inSteps((steps) => relayBatch(steps, access.logger, limit, publish)),
    oldestUnsentAgeMs: () => oldestUnsentAgeMs(access),
    deleteSentOlderThan: (ageMs) => deleteSentOlderThan(access, ageMs),
  };
}

/** An unsent event, with what is known of the scan that it is about, if any. */
interface UnsentRow extends OutboxEvent {
  scan_id: string | null;
  turn: number | null;
  domain: string | null;
  worker_labels: string[] | null;
}

async function relayBatch(
  steps: Steps,
  logger: DatabaseAccess['logger'],
  limit: number,
  publish: (events: OutboxEvent[]) => Promise<void>,
): Promise<number> {
  // Queues of a newer version stay in the outbox until its scheduler runs.
  if (!Number.isSafeInteger(limit)) throw new RangeError(`a batch of ${limit} events is none`);
  const query = unsentOutboxQuery([...CONTRACTS.keys()], limit);
  const [rows = []] = (await steps.send([{ name: `unsent-events-${limit}`, query }])) as UnsentRow[][];
  const good: UnsentRow[] = [];
  const refused: { id: string; reason: string }[] = [];
  for (const event of rows) {
    const reason = refusalReason(event);
    if (reason === null) {
      good.push(event);
      continue;
    }
    // One event that no queue takes must not hold back all the others.
    logger.error('outbox event refused', { eventId: event.id, queue: event.queue, reason });
    refused.push({ id: event.id, reason });
  }
  const ready = await withPlaces(steps, good);
  if (ready.length > 0) await publish(ready);
  if (rows.length > 0) await steps.commit([settleEvents(good, refused)]);
  return good.length;
}

/** Marks events as sent, and others as such that no queue takes. */
function settleEvents(
  sent: readonly { id: string }[],
  refused: readonly { id: string; reason: string }[],
): Statement {
  const ids = sent.map(({ id }) => id);
  const query = Prisma.sql`
    UPDATE outbox_events AS event
       SET sent_at = CASE WHEN refusal.id IS NULL THEN clock_timestamp() END, refused_reason = refusal.reason
      FROM unnest(${[...ids, ...refused.map(({ id }) => id)]}::uuid[]) AS settled (id)
      LEFT JOIN unnest(${refused.map(({ id }) => id)}::uuid[], ${refused.map(({ reason }) => reason)}::text[])
        AS refusal (id, reason) USING (id)
     WHERE event.id = settled.id`;
  return { name: 'settle-events', query };
}

/**
 * The same events, those of scans with the line and the turn that they get; without those of scans that wait for a worker
 * that is not there, which the reconciler offers when one comes.
 */
async function withPlaces(steps: Steps, rows: readonly UnsentRow[]): Promise<OutboxEvent[]> {
  const scans = rows.flatMap(({ scan_id: id, turn, domain, worker_labels: workerLabels }): WaitingScan[] =>
    id === null ? [] : [{ id, turn, domain, workerLabels: workerLabels ?? [] }],
  );
  const { places, held } = await takeTurns(steps, scans);
  return rows.flatMap(({ id, queue, payload, scan_id: scanId }) => {
    if (scanId !== null && held.has(scanId)) return [];
    const place = scanId === null ? undefined : places.get(scanId);
    return [{ id, queue, payload: place ? { ...(payload as object), ...place } : payload }];
  });
}

/**
 * The oldest unsent events of these queues that nobody else is handing over, with the scans that are to be run. The name of
 * a scan in an event is looked at before it is believed, because an event may be anything.
 *
 * @param limit - a whole number; it stands in the text, so that whoever plans the statement knows how few rows it gives
 */
export function unsentOutboxQuery(queues: readonly string[], limit: number): Prisma.Sql {
  return Prisma.sql`
    SELECT event.*, scan.id AS scan_id, scan.turn, scan.domain, scan.worker_labels
      FROM (
        SELECT id, queue, payload, sequence FROM outbox_events
         WHERE sent_at IS NULL AND refused_reason IS NULL AND queue = ANY(${[...queues]})
         ORDER BY sequence LIMIT ${Prisma.raw(String(limit))} FOR UPDATE SKIP LOCKED
      ) AS event
      LEFT JOIN LATERAL (
        -- One by one, whatever statistics say: the limit keeps this from becoming a join with all scans.
        SELECT id, turn, domain, worker_labels FROM scan_results
         WHERE id = CASE WHEN event.queue = ${scanSiteQueue.name} AND payload ->> 'scanId' ~ ${UUID_PATTERN}
                         THEN (payload ->> 'scanId')::uuid END
         LIMIT 1
      ) AS scan ON true
     ORDER BY sequence`;
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
