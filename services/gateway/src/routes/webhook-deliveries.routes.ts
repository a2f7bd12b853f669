import { AppError } from '@cookie-scanner/errors';
import { z } from 'zod';
import type { GatewayDeps } from '../gateway-deps.ts';
import type { ApiRoute, WorkspaceRoute } from '../http/api-route.ts';
import { auditActorOf } from '../http/audit-actor.ts';
import { idempotencyKeyHeader, onceOf } from '../http/idempotency-key.ts';
import { jsonAnswer } from '../http/json-body.ts';
import { documentedPageQuery, pageRequestOf } from '../http/page-query.ts';
import { uuidOf } from '../http/uuid.ts';
import { webhookIdOf, webhookNotFound } from '../http/webhook-id.ts';
import { problemResponses } from './problem-responses.ts';

type Deps = Pick<GatewayDeps, 'inWorkspace'>;
const WEBHOOK = z.object({ webhookId: z.uuid() });
const DELIVERY = WEBHOOK.extend({ deliveryId: z.uuid() });
const TAGS = ['Webhooks'];

/** What was sent to a webhook, and how it ended. */
export function webhookDeliveriesRoutes(deps: Deps): ApiRoute[] {
  return [list(deps), redeliver(deps)];
}

function list({ inWorkspace }: Deps): WorkspaceRoute {
  return {
    permission: 'webhooks:read',
    method: 'get',
    path: '/webhooks/{webhookId}/deliveries',
    operation: {
      operationId: 'listWebhookDeliveries',
      summary: 'List what was sent to a webhook',
      description:
        'The newest first: how often each was tried, what the receiver answered, when it is tried next.',
      tags: TAGS,
      request: { params: WEBHOOK, query: documentedPageQuery },
      responses: { 200: jsonAnswer('WebhookDeliveryPage', 'One page.'), ...problemResponses(404, 422) },
    },
    async handle(request, response, { workspaceId }) {
      const { webhooks } = inWorkspace(workspaceId);
      const webhookId = webhookIdOf(request);
      const page = pageRequestOf(request);
      if (!(await webhooks.find(webhookId))) throw webhookNotFound();
      response.json(await webhooks.listDeliveries({ webhookId, ...page }));
    },
  };
}

function redeliver({ inWorkspace }: Deps): WorkspaceRoute {
  return {
    permission: 'webhooks:write',
    method: 'post',
    path: '/webhooks/{webhookId}/deliveries/{deliveryId}/redeliver',
    operation: {
      operationId: 'redeliverWebhook',
      summary: 'Send a delivery once more',
      description: 'Under the same webhook-id, so that receivers can tell. It must have ended before.',
      tags: TAGS,
      request: { params: DELIVERY, headers: idempotencyKeyHeader },
      responses: { 202: jsonAnswer('WebhookDelivery', 'On its way.'), ...problemResponses(404, 409) },
    },
    async handle(request, response, caller) {
      const webhookId = webhookIdOf(request);
      const deliveryId = uuidOf(request.params['deliveryId']);
      const by = auditActorOf(caller, request, response);
      const { webhooks } = inWorkspace(caller.workspaceId);
      const delivery =
        deliveryId && (await webhooks.redeliver({ webhookId, deliveryId }, by, onceOf(request, null)));
      if (!delivery) throw new AppError('WEBHOOK_NOT_FOUND', 'There is no delivery with this id.');
      response.status(202).json(delivery);
    },
  };
}
