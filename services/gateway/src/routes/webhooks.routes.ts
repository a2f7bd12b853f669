import { randomUUID } from 'node:crypto';
import { newWebhookSecret, sealWebhookSecret } from '@cookie-scanner/auth';
import { webhookCreateSchemaFor, webhookUpdateSchemaFor, type Webhook } from '@cookie-scanner/contracts';
import { z } from 'zod';
import { readJsonBody } from '../body/read-json-body.ts';
import type { GatewayDeps } from '../gateway-deps.ts';
import type { ApiRoute, WorkspaceRoute } from '../http/api-route.ts';
import { auditActorOf } from '../http/audit-actor.ts';
import {
  decidedPartOf,
  entityTagOf,
  ifMatchDecided,
  ifMatchDecidedGiven,
  sendDecided,
} from '../http/entity-tag.ts';
import { idempotencyKeyHeader, onceOfPerson } from '../http/idempotency-key.ts';
import { jsonAnswer, jsonBody } from '../http/json-body.ts';
import { documentedPageQuery, pageRequestOf } from '../http/page-query.ts';
import { parseBody } from '../http/parse-input.ts';
import { ifMatchHeader, optionalIfMatchHeader, tagHeader } from '../http/tag-headers.ts';
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
const SHOWN = { ...jsonAnswer('Webhook', 'The webhook, without its secret.'), headers: tagHeader };

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
        'Calls are signed as Standard Webhooks says. The secret is shown this once, and again to you for the same ' +
        'Idempotency-Key; without one the platform makes it. ' +
        'The address is judged like that of a scan, here and again for every call. A workspace has at most 50.',
      tags: TAGS,
      request: { headers: idempotencyKeyHeader, body: jsonBody('WebhookCreate') },
      responses: {
        201: { ...jsonAnswer('WebhookCreated', 'The webhook with its secret.'), headers: tagHeader },
        ...problemResponses(409, 413, 415, 422),
      },
    },
    async handle(request, response, caller) {
      const body = await readJsonBody(request);
      const { secret: given, ...wanted } = parseBody(schema, body);
      const { workspaceId, userId: createdBy } = caller;
      const once = onceOfPerson(request, body, createdBy);
      const secretOf = (id: string): string => given ?? newWebhookSecret(auth.keys, id, once);
      const newId = randomUUID();
      const secret = secretOf(newId);
      const secretSealed = sealWebhookSecret(auth.keys, newId, secret);
      const webhook = await inWorkspace(workspaceId).webhooks.create(
        { ...wanted, id: newId, workspaceId, createdBy, secretSealed },
        auditActorOf(caller, request, response),
        once,
      );
      response.status(201).location(`/api/v1/webhooks/${webhook.id}`);
      response.setHeader('ETag', entityTagOf(decidedPartOf(webhook)));
      response.json({ ...webhook, secret: webhook.id === newId ? secret : secretOf(webhook.id) });
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
      responses: { 200: SHOWN, ...problemResponses(404) },
    },
    async handle(request, response, { workspaceId }) {
      sendDecided(response, orNotFound(await inWorkspace(workspaceId).webhooks.find(webhookIdOf(request))));
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
      request: { params: PARAMS, headers: ifMatchHeader, body: jsonBody('WebhookUpdate') },
      responses: { 200: SHOWN, ...problemResponses(404, 412, 413, 415, 422, 428) },
    },
    async handle(request, response, caller) {
      const precondition = ifMatchDecided(request);
      const wanted = parseBody(schema, await readJsonBody(request));
      const by = auditActorOf(caller, request, response);
      const { webhooks } = inWorkspace(caller.workspaceId);
      const updated = await webhooks.update(webhookIdOf(request), wanted, by, precondition);
      sendDecided(response, orNotFound(updated));
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
      request: { params: PARAMS, headers: optionalIfMatchHeader },
      responses: { 204: { description: 'Deleted.' }, ...problemResponses(404, 412) },
    },
    async handle(request, response, caller) {
      const by = auditActorOf(caller, request, response);
      const { webhooks } = inWorkspace(caller.workspaceId);
      const isRemoved = await webhooks.remove(webhookIdOf(request), by, ifMatchDecidedGiven(request));
      if (!isRemoved) throw webhookNotFound();
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
      request: { params: PARAMS, headers: idempotencyKeyHeader },
      responses: {
        200: jsonAnswer('WebhookCreated', 'The webhook with its new secret.'),
        ...problemResponses(404),
      },
    },
    async handle(request, response, caller) {
      const id = webhookIdOf(request);
      const once = onceOfPerson(request, null, caller.userId);
      const secret = newWebhookSecret(auth.keys, id, once);
      const secretSealed = sealWebhookSecret(auth.keys, id, secret);
      const previousUntil = new Date(Date.now() + PREVIOUS_SECRET_MS);
      const by = auditActorOf(caller, request, response);
      const { webhooks } = inWorkspace(caller.workspaceId);
      const rotated = await webhooks.rotateSecret(id, { secretSealed, previousUntil }, by, once);
      const webhook = orNotFound(rotated);
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
