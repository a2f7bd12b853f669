import { scanStatusSchema } from '@cookie-scanner/contracts';
import { AppError } from '@cookie-scanner/errors';
import { z } from 'zod';
import type { GatewayDeps } from '../gateway-deps.ts';
import type { ApiRoute } from '../http/api-route.ts';
import { jsonAnswer } from '../http/json-body.ts';
import { asPageRequest, documentedPageQueryShape, pageQueryShape } from '../http/page-query.ts';
import { parseQuery } from '../http/parse-input.ts';
import { problemResponses } from './problem-responses.ts';

const FILTERS = {
  status: scanStatusSchema.optional(),
  /** Host of the requested URL, in any case. */
  domain: z
    .string()
    .min(1)
    .max(255)
    .regex(/^[^\s/@]+$/, 'is not a host name')
    .toLowerCase()
    .optional(),
};

const listQuery = z.strictObject({ ...pageQueryShape, ...FILTERS });

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
          'The last submitted first, all or those in one status; with a domain, the scans of it that have ended, the last ' +
          'ended first. New scans while you turn pages neither hide nor repeat others.',
        tags: ['Scans'],
        request: { query: z.strictObject({ ...documentedPageQueryShape, ...FILTERS }) },
        responses: { 200: jsonAnswer('ScanPage', 'One page.'), ...problemResponses(422) },
      },
      async handle(request, response, { workspaceId }) {
        const { status = null, domain, ...page } = parseQuery(listQuery, request);
        const { scans } = inWorkspace(workspaceId);
        const wanted = { workspaceId, ...asPageRequest(page) };
        if (domain === undefined) response.json(await scans.listByStatus({ ...wanted, status }));
        else if (status === null) response.json(await scans.listOfDomain({ ...wanted, domain }));
        else throw new AppError('INPUT_INVALID', 'Filter by status or by domain, not by both.');
      },
    },
  ];
}
