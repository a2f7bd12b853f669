import { makeApiKey, ruleOf, type WorkspaceCaller } from '@cookie-scanner/auth';
import { apiKeyCreateSchema, apiKeyUpdateSchema } from '@cookie-scanner/contracts';
import type { ApiKeyPlace } from '@cookie-scanner/database';
import { AppError } from '@cookie-scanner/errors';
import type { Request } from 'express';
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
import { uuidOf } from '../http/uuid.ts';
import { problemResponses } from './problem-responses.ts';

type Deps = Pick<GatewayDeps, 'auth' | 'authenticator' | 'apiKeys'>;
const PARAMS = z.object({ keyId: z.uuid() });
const TAGS = ['API keys'];
const SHOWN = { ...jsonAnswer('ApiKey', 'The key.'), headers: tagHeader };

/** Keys for programs, in one workspace. Leaders see those of everybody, others their own. */
export function apiKeysRoutes(deps: Deps): ApiRoute[] {
  return [listKeys(deps), createKey(deps), getKey(deps), updateKey(deps), revokeKey(deps)];
}

function listKeys({ apiKeys }: Deps): WorkspaceRoute {
  return {
    permission: 'api_keys:read',
    method: 'get',
    path: '/api-keys',
    operation: {
      operationId: 'listApiKeys',
      summary: 'List the API keys of a workspace',
      tags: TAGS,
      request: { query: documentedPageQuery },
      responses: { 200: jsonAnswer('ApiKeyPage', 'One page.'), ...problemResponses(422) },
    },
    async handle(request, response, caller) {
      response.json(await apiKeys.list({ ...placeOf(caller), ...pageRequestOf(request) }));
    },
  };
}

function createKey({ auth, apiKeys }: Deps): WorkspaceRoute {
  return {
    permission: 'api_keys:write',
    needsFreshProof: true,
    method: 'post',
    path: '/api-keys',
    operation: {
      operationId: 'createApiKey',
      summary: 'Make an API key',
      description:
        'Its text is shown this once, and again to you for the same Idempotency-Key. It never may more than you may at the ' +
        'time it is used.',
      tags: TAGS,
      request: {
        headers: idempotencyKeyHeader,
        body: jsonBody('ApiKeyCreate', { name: 'Build', scopes: ['scans:write', 'scans:read'] }),
      },
      responses: {
        201: { ...jsonAnswer('ApiKeyCreated', 'The key with its text.'), headers: tagHeader },
        ...problemResponses(413, 415, 422),
      },
    },
    async handle(request, response, caller) {
      const body = await readJsonBody(request);
      const wanted = parseBody(apiKeyCreateSchema, body);
      const { workspaceId, userId } = caller;
      const { apiKey, text } = await makeApiKey(
        { keys: auth.keys, apiKeys },
        { ...wanted, workspaceId, userId },
        auditActorOf(caller, request, response),
        onceOfPerson(request, body, userId),
      );
      response.status(201).location(`/api/v1/api-keys/${apiKey.id}`);
      response.setHeader('ETag', entityTagOf(decidedPartOf(apiKey))).json({ ...apiKey, key: text });
    },
  };
}

function getKey({ apiKeys }: Deps): WorkspaceRoute {
  return {
    permission: 'api_keys:read',
    method: 'get',
    path: '/api-keys/{keyId}',
    operation: {
      operationId: 'getApiKey',
      summary: 'Show an API key, without its text',
      tags: TAGS,
      request: { params: PARAMS },
      responses: { 200: SHOWN, ...problemResponses(404) },
    },
    async handle(request, response, caller) {
      sendDecided(response, orNotFound(await apiKeys.find(keyIdOf(request), placeOf(caller))));
    },
  };
}

function updateKey({ apiKeys, authenticator }: Deps): WorkspaceRoute {
  return {
    permission: 'api_keys:write',
    needsFreshProof: true,
    method: 'patch',
    path: '/api-keys/{keyId}',
    operation: {
      operationId: 'updateApiKey',
      summary: 'Change the name, the limit or the addresses of an API key',
      tags: TAGS,
      request: { params: PARAMS, headers: ifMatchHeader, body: jsonBody('ApiKeyUpdate') },
      responses: { 200: SHOWN, ...problemResponses(404, 412, 413, 415, 422, 428) },
    },
    async handle(request, response, caller) {
      const precondition = ifMatchDecided(request);
      const change = parseBody(apiKeyUpdateSchema, await readJsonBody(request));
      const by = auditActorOf(caller, request, response);
      const updated = await apiKeys.update(keyIdOf(request), placeOf(caller), change, by, precondition);
      const key = orNotFound(updated);
      authenticator.forgetAll();
      sendDecided(response, key);
    },
  };
}

function revokeKey({ apiKeys, authenticator }: Deps): WorkspaceRoute {
  return {
    permission: 'api_keys:write',
    method: 'delete',
    path: '/api-keys/{keyId}',
    operation: {
      operationId: 'revokeApiKey',
      summary: 'End an API key',
      description: 'It stays in the list, for whoever wants to know what it was.',
      tags: TAGS,
      request: { params: PARAMS, headers: optionalIfMatchHeader },
      responses: { 204: { description: 'It works no more.' }, ...problemResponses(404, 412) },
    },
    async handle(request, response, caller) {
      const by = auditActorOf(caller, request, response);
      orNotFound(await apiKeys.revoke(keyIdOf(request), placeOf(caller), by, ifMatchDecidedGiven(request)));
      authenticator.forgetAll();
      response.status(204).end();
    },
  };
}

/** Those who lead a workspace look after all its keys. */
function placeOf({ workspaceId, role, userId }: WorkspaceCaller): ApiKeyPlace {
  const isLeader = ruleOf('members:write').roles.includes(role);
  return { workspaceId, userId: isLeader ? null : userId };
}

function keyIdOf(request: Request): string {
  return orNotFound(uuidOf(request.params['keyId']));
}

function orNotFound<T>(found: T | null): T {
  if (found === null) throw new AppError('API_KEY_NOT_FOUND', 'There is no API key with this id.');
  return found;
}
