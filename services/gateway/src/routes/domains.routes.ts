import {
  domainConfigCreateSchemaFor,
  domainConfigUpdateSchemaFor,
  domainStateSchema,
  labelSchema,
} from '@cookie-scanner/contracts';
import { AppError } from '@cookie-scanner/errors';
import type { Request } from 'express';
import { z } from 'zod';
import { readJsonBody } from '../body/read-json-body.ts';
import type { GatewayDeps } from '../gateway-deps.ts';
import type { ApiRoute, WorkspaceRoute } from '../http/api-route.ts';
import { auditActorOf } from '../http/audit-actor.ts';
import { entityTagOf, ifMatch, ifMatchGiven, sendTagged } from '../http/entity-tag.ts';
import { idempotencyKeyHeader, onceOf } from '../http/idempotency-key.ts';
import { jsonAnswer, jsonBody } from '../http/json-body.ts';
import { asPageRequest, documentedPageQueryShape, pageQueryShape } from '../http/page-query.ts';
import { parseBody, parseQuery } from '../http/parse-input.ts';
import { ifMatchHeader, optionalIfMatchHeader, tagHeader } from '../http/tag-headers.ts';
import { uuidOf } from '../http/uuid.ts';
import { problemResponses } from './problem-responses.ts';

type Deps = Pick<GatewayDeps, 'inWorkspace' | 'allowPrivateNetworks'>;
const PARAMS = z.object({ domainId: z.uuid() });
const TAGS = ['Domains'];
const SHOWN = { ...jsonAnswer('DomainConfig', 'The site.'), headers: tagHeader };
const LABELS_MAX = 10;

const labels = z.array(labelSchema).min(1).max(LABELS_MAX);
const listQuery = z.strictObject({
  ...pageQueryShape,
  state: domainStateSchema.optional(),
  label: z.preprocess((given) => (typeof given === 'string' ? [given] : given), labels).optional(),
});
const documentedListQuery = z.strictObject({
  ...documentedPageQueryShape,
  state: domainStateSchema.optional(),
  label: labels.optional(),
});

/** The sites that a workspace watches, with their labels, notes and usual profile. */
export function domainsRoutes(deps: Deps): ApiRoute[] {
  return [list(deps), create(deps), show(deps), update(deps), remove(deps)];
}

function list({ inWorkspace }: Deps): WorkspaceRoute {
  return {
    permission: 'domains:read',
    method: 'get',
    path: '/domains',
    operation: {
      operationId: 'listDomains',
      summary: 'List the watched sites',
      description:
        'In the order of their names. With `label`, which may be given several times, those that have all of them.',
      tags: TAGS,
      request: { query: documentedListQuery },
      responses: { 200: jsonAnswer('DomainConfigPage', 'One page.'), ...problemResponses(422) },
    },
    async handle(request, response, { workspaceId }) {
      const { state, label, ...page } = parseQuery(listQuery, request);
      const { domains } = inWorkspace(workspaceId);
      response.json(await domains.list({ state, labels: label, ...asPageRequest(page) }));
    },
  };
}

function create({ inWorkspace, allowPrivateNetworks }: Deps): WorkspaceRoute {
  const schema = domainConfigCreateSchemaFor({ allowPrivateNetworks });
  return {
    permission: 'domains:write',
    method: 'post',
    path: '/domains',
    operation: {
      operationId: 'createDomain',
      summary: 'Watch a site',
      tags: TAGS,
      request: { headers: idempotencyKeyHeader, body: jsonBody('DomainConfigCreate') },
      responses: { 201: SHOWN, ...problemResponses(409, 413, 415, 422) },
    },
    async handle(request, response, caller) {
      const body = await readJsonBody(request);
      const wanted = parseBody(schema, body);
      const once = onceOf(request, body);
      const { workspaceId, userId: createdBy } = caller;
      const by = auditActorOf(caller, request, response);
      const site = await inWorkspace(workspaceId).domains.create(
        { ...wanted, workspaceId, createdBy, ...(once ? { once } : {}) },
        by,
      );
      response.status(201).location(`/api/v1/domains/${site.id}`).setHeader('ETag', entityTagOf(site));
      response.json(site);
    },
  };
}

function show({ inWorkspace }: Deps): WorkspaceRoute {
  return {
    permission: 'domains:read',
    method: 'get',
    path: '/domains/{domainId}',
    operation: {
      operationId: 'getDomain',
      summary: 'Show a watched site',
      tags: TAGS,
      request: { params: PARAMS },
      responses: { 200: SHOWN, ...problemResponses(404) },
    },
    async handle(request, response, { workspaceId }) {
      const found = await inWorkspace(workspaceId).domains.find(domainIdOf(request));
      sendTagged(request, response, orNotFound(found));
    },
  };
}

function update({ inWorkspace, allowPrivateNetworks }: Deps): WorkspaceRoute {
  const schema = domainConfigUpdateSchemaFor({ allowPrivateNetworks });
  return {
    permission: 'domains:write',
    method: 'patch',
    path: '/domains/{domainId}',
    operation: {
      operationId: 'updateDomain',
      summary: 'Change a watched site',
      description: 'Its name stays. An archived one keeps its history and takes no new scans.',
      tags: TAGS,
      request: { params: PARAMS, headers: ifMatchHeader, body: jsonBody('DomainConfigUpdate') },
      responses: { 200: SHOWN, ...problemResponses(404, 412, 413, 415, 422, 428) },
    },
    async handle(request, response, caller) {
      const precondition = ifMatch(request);
      const change = parseBody(schema, await readJsonBody(request));
      const by = auditActorOf(caller, request, response);
      const { domains } = inWorkspace(caller.workspaceId);
      sendTagged(
        request,
        response,
        orNotFound(await domains.update(domainIdOf(request), change, by, precondition)),
      );
    },
  };
}

function remove({ inWorkspace }: Deps): WorkspaceRoute {
  return {
    permission: 'domains:write',
    method: 'delete',
    path: '/domains/{domainId}',
    operation: {
      operationId: 'deleteDomain',
      summary: 'Watch a site no more',
      description: 'Schedules that name it leave it out from then on; its scans stay.',
      tags: TAGS,
      request: { params: PARAMS, headers: optionalIfMatchHeader },
      responses: { 204: { description: 'Deleted.' }, ...problemResponses(404, 412) },
    },
    async handle(request, response, caller) {
      const by = auditActorOf(caller, request, response);
      const { domains } = inWorkspace(caller.workspaceId);
      const isRemoved = await domains.remove(domainIdOf(request), by, ifMatchGiven(request));
      if (!isRemoved) throw domainNotFound();
      response.status(204).end();
    },
  };
}

function domainIdOf(request: Request): string {
  return orNotFound(uuidOf(request.params['domainId']));
}

function orNotFound<T>(found: T | null): T {
  if (found === null) throw domainNotFound();
  return found;
}

function domainNotFound(): AppError {
  return new AppError('DOMAIN_NOT_FOUND', 'There is no watched site with this id.');
}
