import { findingUpdateSchema } from '@cookie-scanner/contracts';
import { AppError } from '@cookie-scanner/errors';
import type { Request } from 'express';
import { z } from 'zod';
import { readJsonBody } from '../body/read-json-body.ts';
import type { GatewayDeps } from '../gateway-deps.ts';
import type { ApiRoute } from '../http/api-route.ts';
import { auditActorOf } from '../http/audit-actor.ts';
import { ifMatchGiven, sendTagged } from '../http/entity-tag.ts';
import { jsonAnswer, jsonBody } from '../http/json-body.ts';
import { parseBody } from '../http/parse-input.ts';
import { optionalIfMatchHeader, tagHeader } from '../http/tag-headers.ts';
import { uuidOf } from '../http/uuid.ts';
import { problemResponses } from './problem-responses.ts';

type Deps = Pick<GatewayDeps, 'inWorkspace'>;

const PARAMS = z.object({ findingId: z.uuid() });
const TAGS = ['Findings'];
const SHOWN = { ...jsonAnswer('Finding', 'The finding.'), headers: tagHeader };

/** What people decide about findings. */
export function findingsRoutes(deps: Deps): ApiRoute[] {
  return [show(deps), decide(deps)];
}

function show({ inWorkspace }: Deps): ApiRoute {
  return {
    permission: 'findings:read',
    method: 'get',
    path: '/findings/{findingId}',
    operation: {
      operationId: 'getFinding',
      summary: 'Show a finding, with what was decided about it',
      tags: TAGS,
      request: { params: PARAMS },
      responses: { 200: SHOWN, ...problemResponses(404) },
    },
    async handle(request, response, { workspaceId }) {
      const found = await inWorkspace(workspaceId).findings.find(findingIdOf(request));
      sendTagged(request, response, orNotFound(found));
    },
  };
}

function decide({ inWorkspace }: Deps): ApiRoute {
  return {
    permission: 'findings:write',
    method: 'patch',
    path: '/findings/{findingId}',
    operation: {
      operationId: 'decideFinding',
      summary: 'Decide about a finding: accepted risk, false positive, resolved, or open again',
      description:
        'Closing it takes a reason. The same matter in later scans of the site is born with the decision, except for ' +
        '`resolved`: when it is found again it is open again. The score counts what was seen, whatever was decided. ' +
        'Reports that exist show the decision once the scan is judged again.',
      tags: TAGS,
      request: { params: PARAMS, headers: optionalIfMatchHeader, body: jsonBody('FindingUpdate') },
      responses: { 200: SHOWN, ...problemResponses(404, 412, 413, 415, 422) },
    },
    async handle(request, response, caller) {
      const findingId = findingIdOf(request);
      const precondition = ifMatchGiven(request);
      const decision = parseBody(findingUpdateSchema, await readJsonBody(request));
      const by = auditActorOf(caller, request, response);
      const { findings } = inWorkspace(caller.workspaceId);
      sendTagged(request, response, orNotFound(await findings.decide(findingId, decision, by, precondition)));
    },
  };
}

function findingIdOf(request: Request): string {
  return orNotFound(uuidOf(request.params['findingId']));
}

/** What another workspace has is answered like what does not exist. */
function orNotFound<T>(found: T | null): T {
  if (found !== null) return found;
  throw new AppError('FINDING_NOT_FOUND', 'There is no finding with this id.');
}
