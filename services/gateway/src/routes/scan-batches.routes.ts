import { bulkScanQuerySchema } from '@cookie-scanner/contracts';
import { AppError } from '@cookie-scanner/errors';
import { z } from 'zod';
import { planBatch } from '../bulk/plan-batch.ts';
import { readBulkBody, type BULK_TYPES } from '../bulk/read-bulk-body.ts';
import type { GatewayDeps } from '../gateway-deps.ts';
import type { ApiRoute, WorkspaceRoute } from '../http/api-route.ts';
import { auditActorOf } from '../http/audit-actor.ts';
import { sendTagged } from '../http/entity-tag.ts';
import { idempotencyKeyHeader, onceOf } from '../http/idempotency-key.ts';
import { jsonAnswer } from '../http/json-body.ts';
import { schemaRef } from '../http/named-schemas.ts';
import { documentedPageQuery, pageRequestOf } from '../http/page-query.ts';
import { contextOf } from '../http/request-context.ts';
import { tagHeader } from '../http/tag-headers.ts';
import { uuidOf } from '../http/uuid.ts';
import { problemResponses } from './problem-responses.ts';

type Deps = Pick<GatewayDeps, 'inWorkspace' | 'allowPrivateNetworks' | 'publicUrl'>;
const PARAMS = z.object({ batchId: z.uuid() });
const TAGS = ['Scans'];
const SHOWN_ERRORS_MAX = 20;

/** Submits many scans at once, and shows how far they are. */
export function scanBatchesRoutes(deps: Deps): ApiRoute[] {
  return [createBatch(deps), list(deps), show(deps)];
}

function createBatch({ inWorkspace, ...policy }: Deps): WorkspaceRoute {
  return {
    permission: 'scans:write',
    method: 'post',
    path: '/scans/bulk',
    operation: {
      operationId: 'createScans',
      summary: 'Submit up to 10,000 scans at once',
      description:
        'As JSON with `urls`; as NDJSON with a URL or `{"url": …}` on each line; or as CSV with a column `url`, or one URL ' +
        'on each line. Good rows are taken even when others are refused: the answer says which and why. A URL that comes ' +
        'again counts once. Everything is recorded in one transaction. At most 8 MiB.',
      tags: TAGS,
      request: {
        query: bulkScanQuerySchema,
        headers: idempotencyKeyHeader,
        body: {
          required: true,
          content: {
            'application/json': { schema: schemaRef('BulkScanBody') },
            'application/x-ndjson': { schema: z.string() },
            'text/csv': { schema: z.string() },
          } satisfies Record<(typeof BULK_TYPES)[number], unknown>,
        },
      },
      responses: {
        202: {
          ...jsonAnswer('BulkScanAnswer', 'Recorded. The header Location is the path of the batch.'),
          headers: z.object({ Location: z.string() }),
        },
        ...problemResponses(413, 415, 422),
      },
    },
    async handle(request, response, caller) {
      const { rows, asked, body } = await readBulkBody(request);
      const { name = '', ...params } = asked;
      const data = inWorkspace(caller.workspaceId);
      const { plans, scans, rest } = await planBatch(data, rows, params, policy);
      if (scans.length === 0) throw nothingToScan(rest.refused);
      const once = onceOf(request, body);
      const answer = await data.batches.create(
        {
          workspaceId: caller.workspaceId,
          name,
          requestedBy: caller.userId,
          plans,
          scans,
          by: auditActorOf(caller, request, response),
          ...(once ? { once } : {}),
        },
        rest,
      );
      const { id, scanCount } = answer.batch;
      contextOf(response).log.info('scans submitted', { batchId: id, scanCount });
      response.status(202).location(`/api/v1/scan-batches/${id}`).json(answer);
    },
  };
}

function list({ inWorkspace }: Deps): WorkspaceRoute {
  return {
    permission: 'scans:read',
    method: 'get',
    path: '/scan-batches',
    operation: {
      operationId: 'listScanBatches',
      summary: 'List the scans that were submitted together',
      tags: TAGS,
      request: { query: documentedPageQuery },
      responses: { 200: jsonAnswer('ScanBatchPage', 'One page.'), ...problemResponses(422) },
    },
    async handle(request, response, { workspaceId }) {
      response.json(await inWorkspace(workspaceId).batches.list(pageRequestOf(request)));
    },
  };
}

function show({ inWorkspace }: Deps): WorkspaceRoute {
  return {
    permission: 'scans:read',
    method: 'get',
    path: '/scan-batches/{batchId}',
    operation: {
      operationId: 'getScanBatch',
      summary: 'Show how far scans are that were submitted together',
      description: 'Its scans are `/scans?batchId=…`.',
      tags: TAGS,
      request: { params: PARAMS },
      responses: {
        200: { ...jsonAnswer('ScanBatch', 'The batch.'), headers: tagHeader },
        ...problemResponses(404),
      },
    },
    async handle(request, response, { workspaceId }) {
      const id = uuidOf(request.params['batchId']);
      const batch = id === null ? null : await inWorkspace(workspaceId).batches.find(id);
      if (!batch) throw new AppError('BATCH_NOT_FOUND', 'There is no batch of scans with this id.');
      sendTagged(request, response, batch);
    },
  };
}

function nothingToScan(refused: readonly { row: number; detail: string }[]): AppError {
  const errors = refused
    .slice(0, SHOWN_ERRORS_MAX)
    .map(({ row, detail }) => ({ detail: `row ${row}: ${detail}` }));
  return new AppError('INPUT_INVALID', `None of ${refused.length} rows can be scanned; errors says why.`, {
    errors,
  });
}
