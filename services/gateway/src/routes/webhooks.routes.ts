import { randomUUID } from 'node:crypto';
import { newWebhookSecret, sealWebhookSecret } from '@cookie-scanner/auth';
import { webhookCreateSchemaFor, webhookUpdateSchemaFor, type Webhook } from '@cookie-scanner/contracts';
import { z } from 'zod';
import { readJsonBody } from '../body/read-json-body.ts';
import type { GatewayDeps } from '../gateway-deps.ts';
import type { ApiRoute, WorkspaceRoute } from '../http/api-route.ts';
import { auditActorOf } from '../http/audit-actor.ts';
import { jsonAnswer, jsonBody } from '../http/json-body.ts';
import { documentedPageQuery, pageRequestOf } from '../http/page-query.ts';
import { parseBody } from '../http/parse-input.ts';
import { webhookIdOf, webhookNotFound } from '../http/webhook-id.ts';
import { problemResponses } from './problem-responses.ts';
import { webhookDeliveriesRoutes } from './webhook-deliveries.routes.ts';

type Deps = Pick<GatewayDeps, 'inWorkspace' | 'auth' | 'allowPrivateNetworks' | 'allowHttpWebhooks'>;

/** How long the secret before a change goes on to sign beside the new one. */
const PREVIOUS_SECRET_MS = 24 * 3_600_000;

/** Whoever decides where events go and who can forge them proves first who they are. */
const DANGEROUS = { permission: 'webhooks:write', needsFreshProof: true } as const;
const PARAMS = z.object({ webhookId: z.uuid() });
const TAGS = ['Webhooks'];

/** Addresses that are called when something happens. */
export function webhooksRoutes(deps: Deps): ApiRoute[] {
  return [
    list(deps),
    create(deps),
    show(deps),
    change(deps),
    remove(deps),
    rotate(deps),
    ...webhookDeliveriesRoutes(deps),
  ];
}

function list({ inWorkspace }: Deps): WorkspaceRoute {
  return {
    permission: 'webhooks:read',
    method: 'get',
    path: '/webhooks',
    operation: {
      operationId: 'listWebhooks',
      summary: 'List the webhooks of a workspace',
      tags: TAGS,
      request: { query: documentedPageQuery },
      responses: { 200: jsonAnswer('WebhookPage', 'One page.'), ...problemResponses(422) },
    },
    async handle(request, response, { workspaceId }) {
      response.json(await inWorkspace(workspaceId).webhooks.list(pageRequestOf(request)));
    },
  };
}

function create({ inWorkspace, auth, ...policy }: Deps): WorkspaceRoute {
  const schema = webhookCreateSchemaFor(policyOf(policy));
  return {
    ...DANGEROUS,
    method: 'post',
    path: '/webhooks',
    operation: {
      operationId: 'createWebhook',
      summary: 'Have events sent to an address',
      description:
        'Calls are signed as Standard Webhooks says. The secret is shown this once; without one the platform makes it. ' +
        'The address is judged like that of a scan, here and again for every call. A workspace has at most 50.',
      tags: TAGS,
      request: { body: jsonBody('WebhookCreate') },
      responses: {
        201: jsonAnswer('WebhookCreated', 'The webhook with its secret.'),
        ...problemResponses(409, 413, 415, 422),
      },
    },
    async handle(request, response, caller) {
      const { secret: given, ...wanted } = parseBody(schema, await readJsonBody(request));
      const { workspaceId, userId: createdBy } = caller;
      const id = randomUUID();
      const secret = given ?? newWebhookSecret();
      const webhook = await inWorkspace(workspaceId).webhooks.create(
        { ...wanted, id, workspaceId, createdBy, secretSealed: sealWebhookSecret(auth.keys, id, secret) },
        auditActorOf(caller, request, response),
      );
      response.status(201).json({ ...webhook, secret });
    },
  };
}

function show({ inWorkspace }: Deps): WorkspaceRoute {
  return {
    permission: 'webhooks:read',
    method: 'get',
    path: '/webhooks/{webhookId}',
    operation: {
      operationId: 'getWebhook',
      summary: 'Show a webhook',
      tags: TAGS,
      request: { params: PARAMS },
      responses: { 200: jsonAnswer('Webhook', 'The webhook, without its secret.'), ...problemResponses(404) },
    },
    async handle(request, response, { workspaceId }) {
      response.json(orNotFound(await inWorkspace(workspaceId).webhooks.find(webhookIdOf(request))));
    },
  };
}

function change({ inWorkspace, ...policy }: Deps): WorkspaceRoute {
  const schema = webhookUpdateSchemaFor(policyOf(policy));
  return {
    ...DANGEROUS,
    method: 'patch',
    path: '/webhooks/{webhookId}',
    operation: {
      operationId: 'updateWebhook',
      summary: 'Change, pause or go on with a webhook',
      description: 'One that the platform gave up on goes on with state active.',
      tags: TAGS,
      request: { params: PARAMS, body: jsonBody('WebhookUpdate') },
      responses: { 200: jsonAnswer('Webhook', 'The webhook.'), ...problemResponses(404, 413, 415, 422) },
    },
    async handle(request, response, caller) {
      const wanted = parseBody(schema, await readJsonBody(request));
      const by = auditActorOf(caller, request, response);
      const { webhooks } = inWorkspace(caller.workspaceId);
      response.json(orNotFound(await webhooks.update(webhookIdOf(request), wanted, by)));
    },
  };
}

function remove({ inWorkspace }: Deps): WorkspaceRoute {
  return {
    permission: 'webhooks:write',
    method: 'delete',
    path: '/webhooks/{webhookId}',
    operation: {
      operationId: 'deleteWebhook',
      summary: 'Delete a webhook with the log of its deliveries',
      tags: TAGS,
      request: { params: PARAMS },
      responses: { 204: { description: 'Deleted.' }, ...problemResponses(404) },
    },
    async handle(request, response, caller) {
      const by = auditActorOf(caller, request, response);
      const { webhooks } = inWorkspace(caller.workspaceId);
      if (!(await webhooks.remove(webhookIdOf(request), by))) throw webhookNotFound();
      response.status(204).end();
    },
  };
}

function rotate({ inWorkspace, auth }: Deps): WorkspaceRoute {
  return {
    ...DANGEROUS,
    method: 'post',
    path: '/webhooks/{webhookId}/secret',
    operation: {
      operationId: 'rotateWebhookSecret',
      summary: 'Replace the secret of a webhook',
      description:
        'The new one is shown this once. For a day both sign every call, so that no event is missed.',
      tags: TAGS,
      request: { params: PARAMS },
      responses: {
        200: jsonAnswer('WebhookCreated', 'The webhook with its new secret.'),
        ...problemResponses(404),
      },
    },
    async handle(request, response, caller) {
      const id = webhookIdOf(request);
      const secret = newWebhookSecret();
      const secretSealed = sealWebhookSecret(auth.keys, id, secret);
      const previousUntil = new Date(Date.now() + PREVIOUS_SECRET_MS);
      const by = auditActorOf(caller, request, response);
      const { webhooks } = inWorkspace(caller.workspaceId);
      const webhook = orNotFound(await webhooks.rotateSecret(id, { secretSealed, previousUntil }, by));
      response.json({ ...webhook, secret });
    },
  };
}

function policyOf(deps: Pick<Deps, 'allowPrivateNetworks' | 'allowHttpWebhooks'>) {
  return { allowPrivateNetworks: deps.allowPrivateNetworks, allowHttp: deps.allowHttpWebhooks };
}

function orNotFound(found: Webhook | null): Webhook {
  if (!found) throw webhookNotFound();
  return found;
}
