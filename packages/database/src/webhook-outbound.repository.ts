import type { NotificationEvent } from '@cookie-scanner/contracts';
import { databaseAccess, type Database, type DatabaseAccess } from './open-database.ts';
import { toBoundedText } from './postgres-text.ts';
import type { ClaimedDelivery, DeliveryOutcome } from './webhook-delivery.ts';
import { settleDelivery } from './webhook-settle.ts';

/** An event that endpoints may want to hear of. */
interface WebhookEvent {
  /** Same for the same event, however often it is told. */
  eventId: string;
  event: NotificationEvent;
  scanId: string;
  payload: Readonly<Record<string, unknown>>;
}

/** Webhooks as those see them who send. Each delivery is a row that says when it is due: nothing else plans it. */
export interface WebhookOutboundRepository {
  /** Leaves a delivery for every active endpoint that wants this event, once; returns how many are new. */
  fanOut(event: WebhookEvent): Promise<number>;
  /**
   * Takes deliveries that are due, at most one of each endpoint, the longest overdue first. Who does not come back within
   * the lease loses them to the next one.
   */
  claimDue(claim: {
    limit: number;
    leaseSeconds: number;
    busyEndpointIds: readonly string[];
  }): Promise<ClaimedDelivery[]>;
  /** Records how an attempt ended. `broken` is true when the platform gave up on the endpoint by it. */
  settle(
    delivery: Pick<ClaimedDelivery, 'id' | 'endpointId' | 'attempt'>,
    outcome: DeliveryOutcome,
  ): Promise<{ isBroken: boolean }>;
  /** Gives a claimed delivery back at no cost. */
  giveBack(delivery: Pick<ClaimedDelivery, 'id' | 'attempt'>): Promise<void>;
}

/** The deliveries kept in a database. */
export function webhookOutboundRepository(database: Database): WebhookOutboundRepository {
  const access = databaseAccess(database);
  return {
    fanOut: ({ eventId, event, scanId, payload }) =>
      access.query(
        (prisma) => prisma.$executeRaw`
          INSERT INTO webhook_deliveries (endpoint_id, event_id, event, payload)
          SELECT endpoint.id, ${eventId}::uuid, ${event}::notification_event, ${JSON.stringify(payload)}::jsonb
            FROM webhook_endpoints AS endpoint
            JOIN scan_results AS scan ON scan.workspace_id = endpoint.workspace_id
           WHERE scan.id = ${scanId}::uuid AND endpoint.state = 'active'
             AND ${event}::notification_event = ANY (endpoint.events)
          ON CONFLICT (endpoint_id, event_id) DO NOTHING`,
      ),
    claimDue: (claim) => claimDue(access, claim),
    settle: (delivery, outcome) =>
      access.transaction((tx) =>
        settleDelivery(
          tx,
          delivery,
          outcome.kind === 'delivered' ? outcome : { ...outcome, reason: toBoundedText(outcome.reason) },
        ),
      ),
    giveBack: async ({ id, attempt }) => {
      await access.query(
        (prisma) => prisma.$executeRaw`
          UPDATE webhook_deliveries SET attempt = attempt - 1, next_attempt_at = now()
           WHERE id = ${id}::uuid AND attempt = ${attempt} AND state IN ('pending', 'failed')`,
      );
    },
  };
}

function claimDue(
  access: DatabaseAccess,
  {
    limit,
    leaseSeconds,
    busyEndpointIds,
  }: { limit: number; leaseSeconds: number; busyEndpointIds: readonly string[] },
): Promise<ClaimedDelivery[]> {
  // Whoever comes second to a row sees, once the first has committed, that it is not due any more.
  return access.query(
    (prisma) => prisma.$queryRaw<ClaimedDelivery[]>`
      UPDATE webhook_deliveries AS delivery
         SET attempt = delivery.attempt + 1, next_attempt_at = now() + make_interval(secs => ${leaseSeconds})
        FROM (
          SELECT * FROM (
            SELECT DISTINCT ON (waiting.endpoint_id) waiting.id, waiting.next_attempt_at, endpoint.url,
                   endpoint.secret_encrypted AS secret,
                   CASE WHEN endpoint.previous_secret_until > now() THEN endpoint.previous_secret_encrypted END AS previous
              FROM webhook_deliveries AS waiting
              JOIN webhook_endpoints AS endpoint ON endpoint.id = waiting.endpoint_id
             WHERE waiting.state IN ('pending', 'failed') AND waiting.next_attempt_at <= now()
               AND endpoint.state = 'active' AND coalesce(endpoint.retry_after, '-infinity') <= now()
               AND endpoint.id <> ALL (${[...busyEndpointIds]}::uuid[])
             ORDER BY waiting.endpoint_id, waiting.next_attempt_at, waiting.id
          ) AS first_of_each ORDER BY next_attempt_at LIMIT ${limit}
        ) AS due
       WHERE delivery.id = due.id AND delivery.state IN ('pending', 'failed') AND delivery.next_attempt_at <= now()
      RETURNING delivery.id, delivery.endpoint_id AS "endpointId", delivery.event_id AS "eventId", delivery.payload,
                delivery.attempt, due.url, due.secret AS "secretSealed", due.previous AS "previousSecretSealed"`,
  );
}
