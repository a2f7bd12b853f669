import { workspaceNotFound } from '@cookie-scanner/auth';
import { workspaceCreateSchema, workspaceUpdateSchema } from '@cookie-scanner/contracts';
import { z } from 'zod';
import { readJsonBody } from '../body/read-json-body.ts';
import type { GatewayDeps } from '../gateway-deps.ts';
import type { ApiRoute, PersonalRoute, WorkspaceRoute } from '../http/api-route.ts';
import { auditActorOf } from '../http/audit-actor.ts';
import { entityTagOf, ifMatch, ifMatchGiven, sendTagged } from '../http/entity-tag.ts';
import { idempotencyKeyHeader, onceOf } from '../http/idempotency-key.ts';
import { jsonAnswer, jsonBody } from '../http/json-body.ts';
import { parseBody } from '../http/parse-input.ts';
import { ifMatchHeader, optionalIfMatchHeader, tagHeader } from '../http/tag-headers.ts';
import { problemResponses } from './problem-responses.ts';

type Deps = Pick<GatewayDeps, 'workspaces' | 'authenticator'>;
const PARAMS = z.object({ workspaceId: z.uuid() });
const TAGS = ['Workspaces'];
const SHOWN = { ...jsonAnswer('Workspace', 'The workspace.'), headers: tagHeader };

/** What people share. */
export function workspacesRoutes(deps: Deps): ApiRoute[] {
  return [listOwn(deps), create(deps), show(deps), update(deps), remove(deps)];
}

function listOwn({ workspaces }: Deps): PersonalRoute {
  return {
    permission: 'account:read',
    method: 'get',
    path: '/workspaces',
    operation: {
      operationId: 'listWorkspaces',
      summary: 'List your workspaces',
      tags: TAGS,
      responses: {
        200: jsonAnswer('OwnWorkspaceList', 'The one joined first first.'),
        ...problemResponses(),
      },
    },
    async handle(_request, response, { userId }) {
      response.json({ items: await workspaces.listOf(userId) });
    },
  };
}

function create({ workspaces, authenticator }: Deps): PersonalRoute {
  return {
    permission: 'workspaces:create',
    method: 'post',
    path: '/workspaces',
    operation: {
      operationId: 'createWorkspace',
      summary: 'Make a workspace; you become its Admin',
      tags: TAGS,
      request: { headers: idempotencyKeyHeader, body: jsonBody('WorkspaceCreate') },
      responses: {
        201: { ...jsonAnswer('OwnWorkspace', 'Made.'), headers: tagHeader },
        ...problemResponses(413, 415, 422),
      },
    },
    async handle(request, response, person) {
      const body = await readJsonBody(request);
      const wanted = parseBody(workspaceCreateSchema, body);
      const by = auditActorOf(person, request, response);
      const workspace = await workspaces.create(wanted, person.userId, by, onceOf(request, body));
      authenticator.forgetAll();
      const { id, name, description, createdAt, updatedAt } = workspace;
      response.status(201).location(`/api/v1/workspaces/${workspace.id}`);
      response
        .setHeader('ETag', entityTagOf({ id, name, description, createdAt, updatedAt }))
        .json(workspace);
    },
  };
}

function show({ workspaces }: Deps): WorkspaceRoute {
  return {
    permission: 'workspace:read',
    method: 'get',
    path: '/workspaces/{workspaceId}',
    operation: {
      operationId: 'getWorkspace',
      summary: 'Show a workspace',
      tags: TAGS,
      request: { params: PARAMS },
      responses: { 200: SHOWN, ...problemResponses(404) },
    },
    async handle(request, response, { workspaceId }) {
      const workspace = await workspaces.find(workspaceId);
      if (!workspace) throw workspaceNotFound();
      sendTagged(request, response, workspace);
    },
  };
}

function update({ workspaces }: Deps): WorkspaceRoute {
  return {
    permission: 'workspace:write',
    method: 'patch',
    path: '/workspaces/{workspaceId}',
    operation: {
      operationId: 'updateWorkspace',
      summary: 'Change the name or description of a workspace',
      tags: TAGS,
      request: { params: PARAMS, headers: ifMatchHeader, body: jsonBody('WorkspaceUpdate') },
      responses: { 200: SHOWN, ...problemResponses(404, 412, 413, 415, 422, 428) },
    },
    async handle(request, response, caller) {
      const precondition = ifMatch(request);
      const change = parseBody(workspaceUpdateSchema, await readJsonBody(request));
      const by = auditActorOf(caller, request, response);
      const workspace = await workspaces.update(caller.workspaceId, change, by, precondition);
      if (!workspace) throw workspaceNotFound();
      sendTagged(request, response, workspace);
    },
  };
}

function remove({ workspaces, authenticator }: Deps): WorkspaceRoute {
  return {
    permission: 'workspace:delete',
    needsFreshProof: true,
    method: 'delete',
    path: '/workspaces/{workspaceId}',
    operation: {
      operationId: 'deleteWorkspace',
      summary: 'Delete a workspace with everything in it',
      description: 'The first workspace of the installation stays.',
      tags: TAGS,
      request: { params: PARAMS, headers: optionalIfMatchHeader },
      responses: { 204: { description: 'Deleted.' }, ...problemResponses(404, 409, 412) },
    },
    async handle(request, response, caller) {
      const by = auditActorOf(caller, request, response);
      const isRemoved = await workspaces.remove(caller.workspaceId, by, ifMatchGiven(request));
      if (!isRemoved) throw workspaceNotFound();
      authenticator.forgetAll();
      response.status(204).end();
    },
  };
}
