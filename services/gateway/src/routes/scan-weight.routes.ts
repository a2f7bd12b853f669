import { workspaceNotFound } from '@cookie-scanner/auth';
import { scanWeightUpdateSchema } from '@cookie-scanner/contracts';
import { z } from 'zod';
import { readJsonBody } from '../body/read-json-body.ts';
import type { GatewayDeps } from '../gateway-deps.ts';
import type { ApiRoute } from '../http/api-route.ts';
import { auditActorOf } from '../http/audit-actor.ts';
import { ifMatch, sendTagged } from '../http/entity-tag.ts';
import { jsonAnswer, jsonBody } from '../http/json-body.ts';
import { parseBody } from '../http/parse-input.ts';
import { ifMatchHeader, tagHeader } from '../http/tag-headers.ts';
import { uuidOf } from '../http/uuid.ts';
import { problemResponses } from './problem-responses.ts';

const PATH = '/workspaces/{workspaceId}/scan-weight';
const PARAMS = z.object({ workspaceId: z.uuid() });
const SHOWN = { ...jsonAnswer('ScanWeight', 'The weight.'), headers: tagHeader };

/** How many turns the scans of a workspace get where others get one; for those who run the platform. */
export function scanWeightRoutes({ workspaces }: Pick<GatewayDeps, 'workspaces'>): ApiRoute[] {
  return [
    {
      permission: 'scan_weights:read',
      method: 'get',
      path: PATH,
      operation: {
        operationId: 'getScanWeight',
        summary: 'Show how many turns the scans of a workspace get',
        tags: ['Queues'],
        request: { params: PARAMS },
        responses: { 200: SHOWN, ...problemResponses(404) },
      },
      async handle(request, response) {
        const weight = await workspaces.scanWeight(workspaceIdOf(request.params));
        if (!weight) throw workspaceNotFound();
        sendTagged(request, response, weight);
      },
    },
    {
      permission: 'scan_weights:write',
      method: 'put',
      path: PATH,
      operation: {
        operationId: 'setScanWeight',
        summary: 'Set how many turns the scans of a workspace get where others get one',
        description: 'Counts for scans that are handed to their queue from now on.',
        tags: ['Queues'],
        request: { params: PARAMS, headers: ifMatchHeader, body: jsonBody('ScanWeightUpdate') },
        responses: { 200: SHOWN, ...problemResponses(404, 412, 413, 415, 422, 428) },
      },
      async handle(request, response, person) {
        const id = workspaceIdOf(request.params);
        const precondition = ifMatch(request);
        const { weight } = parseBody(scanWeightUpdateSchema, await readJsonBody(request));
        const by = auditActorOf(person, request, response);
        const changed = await workspaces.setScanWeight(id, weight, by, precondition);
        if (!changed) throw workspaceNotFound();
        sendTagged(request, response, changed);
      },
    },
  ];
}

/** @throws AppError WORKSPACE_NOT_FOUND for what is no id */
function workspaceIdOf(params: Record<string, unknown>): string {
  const id = uuidOf(params['workspaceId']);
  if (id === null) throw workspaceNotFound();
  return id;
}
