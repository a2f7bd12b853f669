import { workspaceNotFound } from '@cookie-scanner/auth';
import { workspaceCreateSchema, workspaceUpdateSchema } from '@cookie-scanner/contracts';
import { z } from 'zod';
import { readJsonBody } from '../body/read-json-body.ts';
import type { GatewayDeps } from '../gateway-deps.ts';
import type { ApiRoute, PersonalRoute, WorkspaceRoute } from '../http/api-route.ts';
import { auditActorOf } from '../http/audit-actor.ts';
import { jsonAnswer, jsonBody } from '../http/json-body.ts';
import { parseBody } from '../http/parse-input.ts';
import { problemResponses } from './problem-responses.ts';

type Deps = Pick<GatewayDeps, 'workspaces' | 'authenticator'>;
const PARAMS = z.object({ workspaceId: z.uuid() });
const TAGS = ['Workspaces'];

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
      request: { body: jsonBody('WorkspaceCreate') },
      responses: { 201: jsonAnswer('OwnWorkspace', 'Made.'), ...problemResponses(413, 415, 422) },
    },
    async handle(request, response, person) {
      const wanted = parseBody(workspaceCreateSchema, await readJsonBody(request));
      const by = auditActorOf(person, request, response);
      const workspace = await workspaces.create(wanted, person.userId, by);
      authenticator.forgetAll();
      response.status(201).location(`/api/v1/workspaces/${workspace.id}`).json(workspace);
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
      responses: { 200: jsonAnswer('Workspace', 'The workspace.'), ...problemResponses(404) },
    },
    async handle(_request, response, { workspaceId }) {
      const workspace = await workspaces.find(workspaceId);
      if (!workspace) throw workspaceNotFound();
      response.json(workspace);
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
      request: { params: PARAMS, body: jsonBody('WorkspaceUpdate') },
      responses: {
        200: jsonAnswer('Workspace', 'The workspace.'),
        ...problemResponses(404, 413, 415, 422),
      },
    },
    async handle(request, response, caller) {
      const change = parseBody(workspaceUpdateSchema, await readJsonBody(request));
      const by = auditActorOf(caller, request, response);
      const workspace = await workspaces.update(caller.workspaceId, change, by);
      if (!workspace) throw workspaceNotFound();
      response.json(workspace);
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
      request: { params: PARAMS },
      responses: { 204: { description: 'Deleted.' }, ...problemResponses(404, 409) },
    },
    async handle(request, response, caller) {
      const by = auditActorOf(caller, request, response);
      if (!(await workspaces.remove(caller.workspaceId, by))) throw workspaceNotFound();
      authenticator.forgetAll();
      response.status(204).end();
    },
  };
}
