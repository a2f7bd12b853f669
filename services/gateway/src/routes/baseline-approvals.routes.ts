import { baselineApprovalCreateSchema } from '@cookie-scanner/contracts';
import { AppError } from '@cookie-scanner/errors';
import { readJsonBody } from '../body/read-json-body.ts';
import type { GatewayDeps } from '../gateway-deps.ts';
import type { ApiRoute } from '../http/api-route.ts';
import { auditActorOf } from '../http/audit-actor.ts';
import { idempotencyKeyHeader, onceOf } from '../http/idempotency-key.ts';
import { baselineIdOf, baselineNotFound } from '../http/baseline-id.ts';
import { jsonAnswer, jsonBody } from '../http/json-body.ts';
import { parseBody } from '../http/parse-input.ts';
import { uuidOf } from '../http/uuid.ts';
import { approvalParams, baselineParams } from './path-params.ts';
import { problemResponses } from './problem-responses.ts';

type Deps = Pick<GatewayDeps, 'inWorkspace'>;

const TAGS = ['Baselines'];

/** Who answers for what a baseline does not have. */
export function baselineApprovalsRoutes(deps: Deps): ApiRoute[] {
  return [approve(deps), withdraw(deps)];
}

function approve({ inWorkspace }: Deps): ApiRoute {
  return {
    permission: 'baselines:write',
    method: 'post',
    path: '/baselines/{baselineId}/approvals',
    operation: {
      operationId: 'approveBaselineDeviation',
      summary: 'Answer for a cookie or finding that a baseline does not have',
      description:
        'Name it by the subject that a judgement gives it. Another approval of the same takes the place of the first. ' +
        'After expiresAt it counts as if nobody had answered.',
      tags: TAGS,
      request: {
        params: baselineParams,
        headers: idempotencyKeyHeader,
        body: jsonBody('BaselineApprovalCreate'),
      },
      responses: {
        201: jsonAnswer('BaselineApproval', 'Approved.'),
        ...problemResponses(404, 413, 415, 422),
      },
    },
    async handle(request, response, caller) {
      const baselineId = baselineIdOf(request);
      const body = await readJsonBody(request);
      const wanted = parseBody(baselineApprovalCreateSchema, body);
      const owner = wanted.owner ?? (caller.kind === 'person' ? caller.email : caller.keyName);
      const by = auditActorOf(caller, request, response);
      const { baselines } = inWorkspace(caller.workspaceId);
      const approval = await baselines.approve(baselineId, { ...wanted, owner }, by, onceOf(request, body));
      if (!approval) throw baselineNotFound();
      response.status(201).json(approval);
    },
  };
}

function withdraw({ inWorkspace }: Deps): ApiRoute {
  return {
    permission: 'baselines:write',
    method: 'delete',
    path: '/baselines/{baselineId}/approvals/{approvalId}',
    operation: {
      operationId: 'withdrawBaselineApproval',
      summary: 'Take an approval back',
      tags: TAGS,
      request: { params: approvalParams },
      responses: { 204: { description: 'Taken back.' }, ...problemResponses(404) },
    },
    async handle(request, response, caller) {
      const baselineId = baselineIdOf(request);
      const approvalId = uuidOf(request.params['approvalId']);
      const by = auditActorOf(caller, request, response);
      const { baselines } = inWorkspace(caller.workspaceId);
      if (approvalId === null || !(await baselines.withdraw(baselineId, approvalId, by))) {
        throw new AppError('BASELINE_NOT_FOUND', 'This baseline has no approval with this id.');
      }
      response.status(204).end();
    },
  };
}
