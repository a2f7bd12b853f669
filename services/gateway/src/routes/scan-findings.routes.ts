import { z } from 'zod';
import type { GatewayDeps } from '../gateway-deps.ts';
import type { ApiRoute } from '../http/api-route.ts';
import { schemaRef } from '../http/named-schemas.ts';
import { parseQuery } from '../http/parse-input.ts';
import { scanIdOf, scanNotFound } from '../http/scan-id.ts';
import { scanParams } from './path-params.ts';
import { problemResponses } from './problem-responses.ts';

const LIMIT_MAX = 200;
const LIMIT_DEFAULT = 50;

const findingsQuery = z.strictObject({
  cursor: z.string().min(1).max(500).optional(),
  limit: z
    .string()
    .regex(/^\d{1,6}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().int().min(1).max(LIMIT_MAX))
    .optional(),
});

/** Says how a scan stands against the rules. */
export function scanFindingsRoutes({ scans, findings }: Pick<GatewayDeps, 'scans' | 'findings'>): ApiRoute[] {
  return [
    {
      method: 'get',
      path: '/scans/{scanId}/findings',
      operation: {
        operationId: 'listScanFindings',
        summary: 'List the findings of a scan, with its metrics',
        description:
          'The gravest first, page by page: pass nextCursor of one page as cursor of the next. Empty, and without ' +
          'metrics, until the scan was analysed, which is before its reports are ready.',
        tags: ['Findings'],
        request: {
          params: scanParams,
          query: z.strictObject({
            cursor: z.string().min(1).max(500).optional(),
            limit: z.number().int().min(1).max(LIMIT_MAX).default(LIMIT_DEFAULT),
          }),
        },
        responses: {
          200: {
            description: 'One page.',
            content: { 'application/json': { schema: schemaRef('ScanFindings') } },
          },
          ...problemResponses(404, 422),
        },
      },
      async handle(request, response) {
        const scanId = scanIdOf(request, response);
        const { cursor = null, limit = LIMIT_DEFAULT } = parseQuery(findingsQuery, request);
        const analysis = await scans.analysisOf(scanId);
        if (!analysis) throw scanNotFound();
        response.json({ ...analysis, ...(await findings.listOfScan(scanId, { cursor, limit })) });
      },
    },
  ];
}
