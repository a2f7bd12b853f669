import { baselineContent } from '@cookie-scanner/analysis';
import { baselineCreateSchema } from '@cookie-scanner/contracts';
import { AppError } from '@cookie-scanner/errors';
import { z } from 'zod';
import { readJsonBody } from '../body/read-json-body.ts';
import type { GatewayDeps } from '../gateway-deps.ts';
import type { ApiRoute } from '../http/api-route.ts';
import { auditActorOf } from '../http/audit-actor.ts';
import { idempotencyKeyHeader, onceOf } from '../http/idempotency-key.ts';
import { baselineIdOf, baselineNotFound } from '../http/baseline-id.ts';
import { judgedScan } from '../http/judged-scan.ts';
import { jsonAnswer, jsonBody } from '../http/json-body.ts';
import { asPageRequest, documentedPageQueryShape, pageQueryShape } from '../http/page-query.ts';
import { parseBody, parseQuery } from '../http/parse-input.ts';
import { scanNotFound } from '../http/scan-id.ts';
import { baselineParams } from './path-params.ts';
import { problemResponses } from './problem-responses.ts';

type Deps = Pick<GatewayDeps, 'inWorkspace' | 'artifacts'>;

const TAGS = ['Baselines'];
const domainFilter = { domain: z.string().min(1).max(255).optional() };
const listQuery = z.strictObject({ ...pageQueryShape, ...domainFilter });
const documentedListQuery = z.strictObject({ ...documentedPageQueryShape, ...domainFilter });

/** States of sites that later scans are held against. */
export function baselinesRoutes(deps: Deps): ApiRoute[] {
  return [create(deps), list(deps), show(deps), remove(deps)];
}

function create({ inWorkspace, artifacts }: Deps): ApiRoute {
  return {
    permission: 'baselines:write',
    method: 'post',
    path: '/baselines',
    operation: {
      operationId: 'createBaseline',
      summary: 'Make a scan the baseline of its site',
      description:
        'Later scans of the site are held against its cookies and findings. It takes the place of the active baseline ' +
        'of the site, whose approvals end with it.',
      tags: TAGS,
      request: { headers: idempotencyKeyHeader, body: jsonBody('BaselineCreate') },
      responses: {
        201: jsonAnswer('BaselineDetail', 'Made.'),
        ...problemResponses(404, 409, 410, 413, 415, 422),
      },
    },
    async handle(request, response, caller) {
      const body = await readJsonBody(request);
      const { scanId, reason } = parseBody(baselineCreateSchema, body);
      const { scans, findings, baselines } = inWorkspace(caller.workspaceId);
      const scan = await judgedScan({ scans, findings, artifacts }, scanId);
      // A baseline of what nobody judged would call every finding of the next scan new.
      if ((await scans.analysisOf(scanId))?.knowledgeVersion == null) {
        throw new AppError('SCAN_NOT_FINISHED', `Scan ${scanId} was not analysed yet.`);
      }
      const by = auditActorOf(caller, request, response);
      const wanted = { scanId, reason, content: baselineContent(scan) };
      const baseline = await baselines.create(wanted, by, onceOf(request, body));
      if (!baseline) throw scanNotFound();
      response.status(201).location(`/api/v1/baselines/${baseline.id}`).json(baseline);
    },
  };
}

function list({ inWorkspace }: Deps): ApiRoute {
  return {
    permission: 'baselines:read',
    method: 'get',
    path: '/baselines',
    operation: {
      operationId: 'listBaselines',
      summary: 'List baselines',
      description:
        'The newest first, those of one host or all: pass nextCursor of one page as cursor of the next.',
      tags: TAGS,
      request: { query: documentedListQuery },
      responses: { 200: jsonAnswer('BaselinePage', 'One page.'), ...problemResponses(422) },
    },
    async handle(request, response, { workspaceId }) {
      const { domain, ...page } = parseQuery(listQuery, request);
      const { baselines } = inWorkspace(workspaceId);
      response.json(await baselines.list({ domain: domain?.toLowerCase() ?? null, ...asPageRequest(page) }));
    },
  };
}

function show({ inWorkspace }: Deps): ApiRoute {
  return {
    permission: 'baselines:read',
    method: 'get',
    path: '/baselines/{baselineId}',
    operation: {
      operationId: 'getBaseline',
      summary: 'Show a baseline with its cookies, findings and approvals',
      tags: TAGS,
      request: { params: baselineParams },
      responses: { 200: jsonAnswer('BaselineDetail', 'The baseline.'), ...problemResponses(404) },
    },
    async handle(request, response, { workspaceId }) {
      const baseline = await inWorkspace(workspaceId).baselines.find(baselineIdOf(request));
      if (!baseline) throw baselineNotFound();
      response.json(baseline);
    },
  };
}

function remove({ inWorkspace }: Deps): ApiRoute {
  return {
    permission: 'baselines:write',
    method: 'delete',
    path: '/baselines/{baselineId}',
    operation: {
      operationId: 'deleteBaseline',
      summary: 'Delete a baseline with its approvals',
      tags: TAGS,
      request: { params: baselineParams },
      responses: { 204: { description: 'Deleted.' }, ...problemResponses(404) },
    },
    async handle(request, response, caller) {
      const by = auditActorOf(caller, request, response);
      const isRemoved = await inWorkspace(caller.workspaceId).baselines.remove(baselineIdOf(request), by);
      if (!isRemoved) throw baselineNotFound();
      response.status(204).end();
    },
  };
}
