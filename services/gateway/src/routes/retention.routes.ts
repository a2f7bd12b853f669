import { workspaceNotFound } from '@cookie-scanner/auth';
import { ownRetentionUpdateSchema, type OwnRetention, type Retention } from '@cookie-scanner/contracts';
import { z } from 'zod';
import { readJsonBody } from '../body/read-json-body.ts';
import type { GatewayDeps } from '../gateway-deps.ts';
import type { ApiRoute, WorkspaceRoute } from '../http/api-route.ts';
import { auditActorOf } from '../http/audit-actor.ts';
import { ifMatch, sendTagged } from '../http/entity-tag.ts';
import { jsonAnswer, jsonBody } from '../http/json-body.ts';
import { parseBody } from '../http/parse-input.ts';
import { ifMatchHeader, tagHeader } from '../http/tag-headers.ts';
import { problemResponses } from './problem-responses.ts';

type Deps = Pick<GatewayDeps, 'inWorkspace' | 'retention'>;
const PARAMS = z.object({ workspaceId: z.uuid() });
const TAGS = ['Workspaces'];
const SHOWN = { ...jsonAnswer('Retention', 'How long the workspace keeps what it has.'), headers: tagHeader };

/** How long a workspace keeps its scans, their files and its audit log. */
export function retentionRoutes(deps: Deps): ApiRoute[] {
  return [show(deps), change(deps)];
}

function show({ inWorkspace, retention }: Deps): WorkspaceRoute {
  return {
    permission: 'retention:read',
    method: 'get',
    path: '/workspaces/{workspaceId}/retention',
    operation: {
      operationId: 'getRetention',
      summary: 'Show how long a workspace keeps what it has',
      tags: TAGS,
      request: { params: PARAMS },
      responses: { 200: SHOWN, ...problemResponses(404) },
    },
    async handle(request, response, { workspaceId }) {
      const own = await inWorkspace(workspaceId).retention.find(workspaceId);
      sendTagged(request, response, shown(own, retention));
    },
  };
}

function change({ inWorkspace, retention }: Deps): WorkspaceRoute {
  return {
    permission: 'retention:write',
    needsFreshProof: true,
    method: 'patch',
    path: '/workspaces/{workspaceId}/retention',
    operation: {
      operationId: 'changeRetention',
      summary: 'Change how long a workspace keeps what it has',
      description:
        'It counts for what is there already: what is older goes within minutes, and cannot be had back. 0 keeps for ever, ' +
        'null takes what the platform says.',
      tags: TAGS,
      request: { params: PARAMS, headers: ifMatchHeader, body: jsonBody('RetentionUpdate') },
      responses: { 200: SHOWN, ...problemResponses(404, 412, 413, 415, 422, 428) },
    },
    async handle(request, response, caller) {
      const precondition = ifMatch(request);
      const wanted = parseBody(ownRetentionUpdateSchema, await readJsonBody(request));
      const by = auditActorOf(caller, request, response);
      const { workspaceId } = caller;
      const own = await inWorkspace(workspaceId).retention.change(workspaceId, wanted, by, (before) =>
        precondition(shown(before, retention)),
      );
      if (!own) throw workspaceNotFound();
      sendTagged(request, response, shown(own, retention));
    },
  };
}

function shown(own: OwnRetention, periods: GatewayDeps['retention']): Retention {
  const { scanDays, fileDays, auditDays, valueDays } = periods;
  return {
    own,
    platform: { scanDays, fileDays, auditDays },
    inForce: {
      scanDays: own.scanDays ?? scanDays,
      fileDays: own.fileDays ?? fileDays,
      auditDays: own.auditDays ?? auditDays,
    },
    valueDays,
  };
}
