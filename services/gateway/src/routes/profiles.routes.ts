import { scanProfileCreateSchema, scanProfileUpdateSchema } from '@cookie-scanner/contracts';
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
import { documentedPageQuery, pageRequestOf } from '../http/page-query.ts';
import { parseBody } from '../http/parse-input.ts';
import { ifMatchHeader, optionalIfMatchHeader, tagHeader } from '../http/tag-headers.ts';
import { uuidOf } from '../http/uuid.ts';
import { problemResponses } from './problem-responses.ts';

type Deps = Pick<GatewayDeps, 'inWorkspace'>;
const PARAMS = z.object({ profileId: z.uuid() });
const TAGS = ['Profiles'];
const SHOWN = { ...jsonAnswer('ScanProfile', 'The profile.'), headers: tagHeader };

/** Scan parameters saved under a name: those that come with the platform, and those of a workspace. */
export function profilesRoutes(deps: Deps): ApiRoute[] {
  return [list(deps), create(deps), show(deps), update(deps), remove(deps)];
}

function list({ inWorkspace }: Deps): WorkspaceRoute {
  return {
    permission: 'profiles:read',
    method: 'get',
    path: '/profiles',
    operation: {
      operationId: 'listProfiles',
      summary: 'List the scan profiles, those of the platform among them',
      tags: TAGS,
      request: { query: documentedPageQuery },
      responses: { 200: jsonAnswer('ScanProfilePage', 'One page.'), ...problemResponses(422) },
    },
    async handle(request, response, { workspaceId }) {
      response.json(await inWorkspace(workspaceId).profiles.list(pageRequestOf(request)));
    },
  };
}

function create({ inWorkspace }: Deps): WorkspaceRoute {
  return {
    permission: 'profiles:write',
    method: 'post',
    path: '/profiles',
    operation: {
      operationId: 'createProfile',
      summary: 'Save scan parameters under a name',
      tags: TAGS,
      request: {
        headers: idempotencyKeyHeader,
        body: jsonBody('ScanProfileCreate', { name: 'Nightly', params: { mode: 'deep', pagesMax: 10 } }),
      },
      responses: { 201: SHOWN, ...problemResponses(409, 413, 415, 422) },
    },
    async handle(request, response, caller) {
      const body = await readJsonBody(request);
      const wanted = parseBody(scanProfileCreateSchema, body);
      const once = onceOf(request, body);
      const { workspaceId, userId: createdBy } = caller;
      const by = auditActorOf(caller, request, response);
      const profile = await inWorkspace(workspaceId).profiles.create(
        { ...wanted, workspaceId, createdBy, ...(once ? { once } : {}) },
        by,
      );
      response.status(201).location(`/api/v1/profiles/${profile.id}`).setHeader('ETag', entityTagOf(profile));
      response.json(profile);
    },
  };
}

function show({ inWorkspace }: Deps): WorkspaceRoute {
  return {
    permission: 'profiles:read',
    method: 'get',
    path: '/profiles/{profileId}',
    operation: {
      operationId: 'getProfile',
      summary: 'Show a scan profile',
      tags: TAGS,
      request: { params: PARAMS },
      responses: { 200: SHOWN, ...problemResponses(404) },
    },
    async handle(request, response, { workspaceId }) {
      const found = await inWorkspace(workspaceId).profiles.find(profileIdOf(request));
      sendTagged(request, response, orNotFound(found));
    },
  };
}

function update({ inWorkspace }: Deps): WorkspaceRoute {
  return {
    permission: 'profiles:write',
    method: 'patch',
    path: '/profiles/{profileId}',
    operation: {
      operationId: 'updateProfile',
      summary: 'Change a scan profile of the workspace',
      description:
        'Parameters are replaced as a whole, and count for scans from now on. Those of the platform stay as they are.',
      tags: TAGS,
      request: { params: PARAMS, headers: ifMatchHeader, body: jsonBody('ScanProfileUpdate') },
      responses: { 200: SHOWN, ...problemResponses(404, 409, 412, 413, 415, 422, 428) },
    },
    async handle(request, response, caller) {
      const precondition = ifMatch(request);
      const change = parseBody(scanProfileUpdateSchema, await readJsonBody(request));
      const by = auditActorOf(caller, request, response);
      const { profiles } = inWorkspace(caller.workspaceId);
      sendTagged(
        request,
        response,
        orNotFound(await profiles.update(profileIdOf(request), change, by, precondition)),
      );
    },
  };
}

function remove({ inWorkspace }: Deps): WorkspaceRoute {
  return {
    permission: 'profiles:write',
    method: 'delete',
    path: '/profiles/{profileId}',
    operation: {
      operationId: 'deleteProfile',
      summary: 'Delete a scan profile of the workspace',
      description:
        'Scans that were made with it keep their parameters. One that a site or schedule uses stays.',
      tags: TAGS,
      request: { params: PARAMS, headers: optionalIfMatchHeader },
      responses: { 204: { description: 'Deleted.' }, ...problemResponses(404, 409, 412) },
    },
    async handle(request, response, caller) {
      const by = auditActorOf(caller, request, response);
      const { profiles } = inWorkspace(caller.workspaceId);
      const isRemoved = await profiles.remove(profileIdOf(request), by, ifMatchGiven(request));
      if (!isRemoved) throw profileNotFound();
      response.status(204).end();
    },
  };
}

function profileIdOf(request: Request): string {
  return orNotFound(uuidOf(request.params['profileId']));
}

function orNotFound<T>(found: T | null): T {
  if (found === null) throw profileNotFound();
  return found;
}

function profileNotFound(): AppError {
  return new AppError('PROFILE_NOT_FOUND', 'There is no profile with this id.');
}
