import {
  webhookSchema,
  type NotificationEvent,
  type Webhook,
  type WebhookDelivery,
  type WebhookUpdate,
} from '@cookie-scanner/contracts';
import { AppError } from '@cookie-scanner/errors';
import type { AuditActor } from './audit-actor.ts';
import { writeAudit } from './audit.repository.ts';
import type { Prisma } from './generated/client.ts';
import { boundTo } from './in-workspace.ts';
import { keyBefore, keysetPage, pageSize, type KeysetPage, type PageRequest } from './keyset.ts';
import { once, type OnceRequest } from './once.ts';
import { databaseAccess, type Database, type DatabaseAccess } from './open-database.ts';
import type { Precondition } from './precondition.ts';
import { listWebhookDeliveries, redeliverWebhook } from './webhook-delivery-lists.ts';

/** Most endpoints of one workspace; each costs a request for every event. */
const WEBHOOKS_PER_WORKSPACE_MAX = 50;

/** An endpoint to make. Its secret comes encrypted; `packages/auth` knows how. */
interface NewWebhook {
  id: string;
  workspaceId: string;
  url: string;
  events: readonly NotificationEvent[];
  description: string;
  secretSealed: Uint8Array;
  createdBy: string;
}

/** Addresses that events are sent to. Every change is recorded in the audit log, in the transaction that makes it. */
export interface WebhookRepository {
  /**
   * With `request`, one that was asked for before is given again, and not made.
   *
   * @throws AppError CONFLICT when the workspace has 50 already
   */
  create(webhook: NewWebhook, by: AuditActor, request?: OnceRequest): Promise<Webhook>;
  /** Null when there is no such webhook. */
  find(id: string): Promise<Webhook | null>;
  /** In the order of their ids. */
  list(page: PageRequest): Promise<KeysetPage<Webhook>>;
  /** One that was given up begins anew when it is made active. Null when there is no such webhook. */
  update(
    id: string,
    change: WebhookUpdate,
    by: AuditActor,
    precondition: Precondition<Webhook>,
  ): Promise<Webhook | null>;
  /** False when there is no such webhook. */
  remove(id: string, by: AuditActor, precondition: Precondition<Webhook>): Promise<boolean>;
  /** From now on the new secret signs, and until then the old one too. Null when there is no such webhook. */
  rotateSecret(
    id: string,
    secret: { secretSealed: Uint8Array; previousUntil: Date },
    by: AuditActor,
    request?: OnceRequest,
  ): Promise<Webhook | null>;
  /** What was sent to one endpoint, the newest first. */
  listDeliveries(deliveries: { webhookId: string } & PageRequest): Promise<KeysetPage<WebhookDelivery>>;
  /**
   * Sends a delivery that has ended once more, under the same event id.
   *
   * @returns null when there is no such delivery
   * @throws AppError CONFLICT while it is still on its way, or its webhook is not active
   */
  redeliver(
    delivery: { webhookId: string; deliveryId: string },
    by: AuditActor,
    request?: OnceRequest,
  ): Promise<WebhookDelivery | null>;
}

/** The webhooks kept in a database, those of one workspace when it is bound to one. */
export function webhookRepository(database: Database): WebhookRepository {
  const access = databaseAccess(database);
  return {
    create: (webhook, by, request) => createWebhook(access, webhook, by, request),
    find: async (id) => {
      const row = await access.query((prisma) =>
        prisma.webhookEndpoint.findFirst({ where: placeOf(access, id) }),
      );
      return row && fromRow(row);
    },
    list: (page) => listWebhooks(access, page),
    update: (id, { url, events, description, state }, by, precondition) =>
      changeWebhook(access, id, 'webhook.update', by, (row) => {
        precondition(fromRow(row));
        return {
          ...(url === undefined ? {} : { url }),
          ...(events === undefined ? {} : { events }),
          ...(description === undefined ? {} : { description }),
          ...(state === undefined ? {} : { state, brokenAt: null, consecutiveFailures: 0, retryAfter: null }),
        };
      }),
    remove: (id, by, precondition) =>
      access.transaction(async (tx) => {
        const row = await lockedWebhook(tx, access, id);
        if (!row) return false;
        precondition(fromRow(row));
        await tx.webhookEndpoint.delete({ where: { id } });
        await audit(tx, 'webhook.delete', by, row, null);
        return true;
      }),
    rotateSecret: (id, { secretSealed, previousUntil }, by, request) => {
      const change = (row: WebhookRow): Change => ({
        secretEncrypted: Uint8Array.from(secretSealed),
        previousSecretEncrypted: row.secretEncrypted,
        previousSecretUntil: previousUntil,
      });
      return changeWebhook(access, id, 'webhook.rotate_secret', by, change, request);
    },
    listDeliveries: (deliveries) => listWebhookDeliveries(access, deliveries),
    redeliver: (delivery, by, request) => redeliverWebhook(access, delivery, by, request),
  };
}

type WebhookRow = Prisma.WebhookEndpointGetPayload<object>;
type Change = Prisma.WebhookEndpointUncheckedUpdateInput;

function createWebhook(
  access: DatabaseAccess,
  { secretSealed, events, ...webhook }: NewWebhook,
  by: AuditActor,
  request: OnceRequest | undefined,
): Promise<Webhook> {
  const { workspaceId } = webhook;
  return access.transaction((tx) =>
    once(tx, workspaceId, request, webhookSchema, async () => {
      // Locked, so that many at once do not become more than are allowed.
      await tx.$executeRaw`SELECT FROM workspaces WHERE id = ${workspaceId}::uuid FOR NO KEY UPDATE`;
      const count = await tx.webhookEndpoint.count({ where: { workspaceId } });
      if (count >= WEBHOOKS_PER_WORKSPACE_MAX) {
        throw new AppError('CONFLICT', `A workspace has at most ${WEBHOOKS_PER_WORKSPACE_MAX} webhooks.`);
      }
      const row = await tx.webhookEndpoint.create({
        data: { ...webhook, events: [...events], secretEncrypted: Uint8Array.from(secretSealed) },
      });
      await audit(tx, 'webhook.create', by, null, row);
      return fromRow(row);
    }),
  );
}

async function listWebhooks(access: DatabaseAccess, request: PageRequest): Promise<KeysetPage<Webhook>> {
  const after = keyBefore(request, ['uuid']);
  const size = pageSize(request);
  const rows = await access.query((prisma) =>
    prisma.webhookEndpoint.findMany({
      where: { ...boundTo(access), ...(after ? { id: { gt: after[0] } } : {}) },
      orderBy: { id: 'asc' },
      take: size + 1,
    }),
  );
  return keysetPage(rows, size, ({ id }) => [id], fromRow);
}

function changeWebhook(
  access: DatabaseAccess,
  id: string,
  action: string,
  by: AuditActor,
  change: (row: WebhookRow) => Change,
  request?: OnceRequest,
): Promise<Webhook | null> {
  return access.transaction(async (tx) => {
    const before = await lockedWebhook(tx, access, id);
    if (!before) return null;
    return once(tx, before.workspaceId, request, webhookSchema, async () => {
      const after = await tx.webhookEndpoint.update({ where: { id }, data: change(before) });
      await audit(tx, action, by, before, after);
      return fromRow(after);
    });
  });
}

/** The webhook, which nobody else changes until the transaction ends. */
async function lockedWebhook(
  tx: Prisma.TransactionClient,
  access: DatabaseAccess,
  id: string,
): Promise<WebhookRow | null> {
  await tx.$executeRaw`SELECT FROM webhook_endpoints WHERE id = ${id}::uuid FOR NO KEY UPDATE`;
  return tx.webhookEndpoint.findFirst({ where: placeOf(access, id) });
}

async function audit(
  tx: Prisma.TransactionClient,
  action: string,
  by: AuditActor,
  before: WebhookRow | null,
  after: WebhookRow | null,
): Promise<void> {
  const { id, workspaceId } = (after ?? before) as WebhookRow;
  await writeAudit(tx, {
    ...by,
    action,
    ...{ targetType: 'webhook', targetId: id, workspaceId },
    ...(before ? { before: fromRow(before) } : {}),
    ...(after ? { after: fromRow(after) } : {}),
  });
}

function placeOf(access: DatabaseAccess, id: string): Prisma.WebhookEndpointWhereInput {
  return { id, ...boundTo(access) };
}

/** A webhook as the API shows it: without its secrets. */
function fromRow(row: WebhookRow): Webhook {
  return {
    id: row.id,
    workspaceId: row.workspaceId,
    url: row.url,
    events: row.events,
    description: row.description,
    state: row.state,
    consecutiveFailures: row.consecutiveFailures,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
