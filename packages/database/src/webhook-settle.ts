import { randomUUID } from 'node:crypto';
import { writeAudit } from './audit.repository.ts';
import type { Prisma } from './generated/client.ts';
import type { ClaimedDelivery, DeliveryOutcome } from './webhook-delivery.ts';

type Settled = Pick<ClaimedDelivery, 'id' | 'endpointId' | 'attempt'>;
type Failure = Exclude<DeliveryOutcome, { kind: 'delivered' }>;

/** Records how an attempt ended, with the delivery and with its endpoint. An older attempt writes nothing. */
export async function settleDelivery(
  tx: Prisma.TransactionClient,
  delivery: Settled,
  outcome: DeliveryOutcome,
): Promise<{ isBroken: boolean }> {
  const { id, endpointId, attempt } = delivery;
  // First, as whoever deletes the endpoint does, so that the two never wait for each other.
  await tx.$executeRaw`SELECT FROM webhook_endpoints WHERE id = ${endpointId}::uuid FOR NO KEY UPDATE`;
  if (outcome.kind !== 'delivered') return settleFailure(tx, delivery, outcome);
  const count = await tx.$executeRaw`
    UPDATE webhook_deliveries
       SET state = 'delivered', delivered_at = now(), response_status = ${outcome.status}, failure_reason = NULL,
           next_attempt_at = NULL
     WHERE id = ${id}::uuid AND attempt = ${attempt} AND state IN ('pending', 'failed')`;
  if (count === 1) {
    await tx.$executeRaw`
      UPDATE webhook_endpoints SET consecutive_failures = 0, retry_after = NULL WHERE id = ${endpointId}::uuid`;
  }
  return { isBroken: false };
}

async function settleFailure(
  tx: Prisma.TransactionClient,
  { id, endpointId, attempt }: Settled,
  outcome: Failure,
): Promise<{ isBroken: boolean }> {
  const retryInSeconds = outcome.kind === 'gone' ? null : outcome.retryInSeconds;
  const count = await tx.$executeRaw`
    UPDATE webhook_deliveries
       SET state = ${retryInSeconds === null ? 'dead' : 'failed'}::webhook_delivery_state,
           response_status = ${outcome.status}, failure_reason = ${outcome.reason},
           next_attempt_at = now() + make_interval(secs => ${retryInSeconds})
     WHERE id = ${id}::uuid AND attempt = ${attempt} AND state IN ('pending', 'failed')`;
  if (count === 0) return { isBroken: false };

  const [endpoint] = await tx.$queryRaw<{ failures: number; workspaceId: string; state: string }[]>`
    UPDATE webhook_endpoints SET consecutive_failures = consecutive_failures + 1 WHERE id = ${endpointId}::uuid
    RETURNING consecutive_failures AS failures, workspace_id AS "workspaceId", state::text`;
  if (endpoint?.state !== 'active') return { isBroken: false };
  // The last attempt of a delivery failed, and nothing else got through since its first one.
  const isBroken = outcome.kind === 'gone' || (retryInSeconds === null && endpoint.failures >= attempt);
  if (isBroken) {
    await giveUp(tx, { endpointId, workspaceId: endpoint.workspaceId, reason: outcome.reason });
  } else if (endpoint.failures >= outcome.circuit.failuresMin) {
    await tx.$executeRaw`
      UPDATE webhook_endpoints
         SET retry_after = now() + make_interval(secs => ${outcome.circuit.pauseSeconds(endpoint.failures)})
       WHERE id = ${endpointId}::uuid`;
  }
  return { isBroken };
}

/** Switches an endpoint off, ends what waits for it, and tells those who run the workspace. */
async function giveUp(
  tx: Prisma.TransactionClient,
  { endpointId, workspaceId, reason }: { endpointId: string; workspaceId: string; reason: string },
): Promise<void> {
  const [endpoint] = await tx.$queryRaw<{ url: string }[]>`
    UPDATE webhook_endpoints SET state = 'broken', broken_at = now() WHERE id = ${endpointId}::uuid RETURNING url`;
  await tx.$executeRaw`
    UPDATE webhook_deliveries
       SET state = 'dead', next_attempt_at = NULL, failure_reason = 'the webhook was switched off: ' || ${reason}
     WHERE endpoint_id = ${endpointId}::uuid AND state IN ('pending', 'failed')`;
  const subject = 'A webhook was switched off';
  const body = `${endpoint?.url ?? ''} is not called any more: ${reason}. Make it active again once it works.`;
  await tx.$executeRaw`
    INSERT INTO notifications (event_id, event, channel, recipient, subject, body, state, sent_at, workspace_id, user_id)
    SELECT ${randomUUID()}::uuid, 'webhook_broken', 'in_app', user_id::text, ${subject}, ${body}, 'sent', now(),
           workspace_id, user_id
      FROM workspace_members WHERE workspace_id = ${workspaceId}::uuid AND role IN ('Admin', 'PI')`;
  await writeAudit(tx, {
    actorKind: 'system',
    action: 'webhook.give_up',
    ...{ targetType: 'webhook', targetId: endpointId, workspaceId },
    after: { reason },
  });
}
