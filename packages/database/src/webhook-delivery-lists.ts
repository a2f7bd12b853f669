import { webhookDeliverySchema, type WebhookDelivery } from '@cookie-scanner/contracts';
import { AppError } from '@cookie-scanner/errors';
import type { AuditActor } from './audit-actor.ts';
import { writeAudit } from './audit.repository.ts';
import { Prisma } from './generated/client.ts';
import { boundTo } from './in-workspace.ts';
import { keyBefore, keysetPage, pageSize, type KeysetPage, type PageRequest } from './keyset.ts';
import { once, type OnceRequest } from './once.ts';
import type { DatabaseAccess } from './open-database.ts';

/** What was sent to one endpoint, the newest first. */
export async function listWebhookDeliveries(
  access: DatabaseAccess,
  request: { webhookId: string } & PageRequest,
): Promise<KeysetPage<WebhookDelivery>> {
  const after = keyBefore(request, ['time', 'uuid']);
  const size = pageSize(request);
  const behind = after
    ? Prisma.sql`AND (created_at, id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`
    : Prisma.empty;
  const rows = await access.query(async (prisma) => {
    const keys = await prisma.$queryRaw<{ id: string; at: string }[]>`
      SELECT id, created_at::text AS at FROM webhook_deliveries
       WHERE endpoint_id = ${request.webhookId}::uuid ${behind}
       ORDER BY created_at DESC, id DESC LIMIT ${size + 1}`;
    const found = await prisma.webhookDelivery.findMany({ where: { id: { in: keys.map(({ id }) => id) } } });
    const byId = new Map(found.map((row) => [row.id, row]));
    return keys.flatMap(({ id, at }) => {
      const row = byId.get(id);
      return row ? [{ row, at }] : [];
    });
  });
  return keysetPage(
    rows,
    size,
    ({ row, at }) => [at, row.id],
    ({ row }) => fromRow(row),
  );
}

/** Puts a delivery that has ended on its way again. */
export function redeliverWebhook(
  access: DatabaseAccess,
  { webhookId, deliveryId }: { webhookId: string; deliveryId: string },
  by: AuditActor,
  request: OnceRequest | undefined,
): Promise<WebhookDelivery | null> {
  return access.transaction(async (tx) => {
    const known = await tx.webhookDelivery.findFirst({
      where: { id: deliveryId, endpointId: webhookId, endpoint: boundTo(access) },
      include: { endpoint: true },
    });
    if (!known) return null;
    const { state, workspaceId } = known.endpoint;
    return once(tx, workspaceId, request, webhookDeliverySchema, async () => {
      if (state !== 'active') {
        throw new AppError('CONFLICT', `The webhook is ${state}; make it active first.`);
      }
      const [row] = await tx.webhookDelivery.updateManyAndReturn({
        // Once more in the condition: two who ask at once send it once.
        where: { id: deliveryId, state: { in: ['delivered', 'dead'] } },
        data: { state: 'pending', attempt: 0, nextAttemptAt: new Date(), deliveredAt: null },
      });
      if (!row) throw new AppError('CONFLICT', 'The delivery is still on its way.');
      const target = { targetType: 'webhook_delivery', targetId: deliveryId, workspaceId };
      await writeAudit(tx, { ...by, action: 'webhook.redeliver', ...target });
      return fromRow(row);
    });
  });
}

function fromRow(row: Prisma.WebhookDeliveryGetPayload<object>): WebhookDelivery {
  return {
    id: row.id,
    webhookId: row.endpointId,
    eventId: row.eventId,
    event: row.event,
    state: row.state,
    attempt: row.attempt,
    httpStatus: row.responseStatus,
    failureReason: row.failureReason,
    nextAttemptAt: row.nextAttemptAt?.toISOString() ?? null,
    deliveredAt: row.deliveredAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
