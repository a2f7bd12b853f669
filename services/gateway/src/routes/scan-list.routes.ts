import { labelSchema, scanModeSchema, scanStatusSchema, scanTriggerSchema } from '@cookie-scanner/contracts';
import { z } from 'zod';
import type { GatewayDeps } from '../gateway-deps.ts';
import type { ApiRoute } from '../http/api-route.ts';
import { hostFilter, timeSpan, timeSpanShape } from '../http/filters.ts';
import { jsonAnswer } from '../http/json-body.ts';
import { asPageRequest, documentedPageQueryShape, pageQueryShape } from '../http/page-query.ts';
import { parseQuery } from '../http/parse-input.ts';
import { problemResponses } from './problem-responses.ts';

const FILTERS = {
  status: scanStatusSchema.optional(),
  /** Host of the requested URL, in any case. */
  domain: hostFilter.optional(),
  mode: scanModeSchema.optional(),
  trigger: scanTriggerSchema.optional(),
  /** Label that the workspace gave to the site. */
  label: labelSchema.optional(),
  batchId: z.uuid().optional(),
  profileId: z.uuid().optional(),
  ...timeSpanShape,
};

const listQuery = timeSpan(z.strictObject({ ...pageQueryShape, ...FILTERS }));

/** The scans of a workspace. */
export function scanListRoutes({ inWorkspace }: Pick<GatewayDeps, 'inWorkspace'>): ApiRoute[] {
  return [
    {
      permission: 'scans:read',
      method: 'get',
      path: '/scans',
      operation: {
        operationId: 'listScans',
        summary: 'List scans',
        description:
          'The last submitted first: those for which every filter holds. `from` and `until` bound when they were submitted. ' +
          'New scans while you turn pages neither hide nor repeat others.',
        tags: ['Scans'],
        request: { query: z.strictObject({ ...documentedPageQueryShape, ...FILTERS }) },
        responses: { 200: jsonAnswer('ScanPage', 'One page.'), ...problemResponses(422) },
      },
      async handle(request, response, { workspaceId }) {
        const { cursor, limit, ...filter } = parseQuery(listQuery, request);
        const { scans } = inWorkspace(workspaceId);
        response.json(await scans.search({ ...filter, workspaceId, ...asPageRequest({ cursor, limit }) }));
      },
    },
  ];
}
