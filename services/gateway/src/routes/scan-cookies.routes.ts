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

const cookiesQuery = z.strictObject({
  cursor: z.string().min(1).max(500).optional(),
  limit: z
    .string()
    .regex(/^\d{1,6}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().int().min(1).max(LIMIT_MAX))
    .optional(),
});

/** Lists what a scan found. */
export function scanCookiesRoutes({ scans }: Pick<GatewayDeps, 'scans'>): ApiRoute[] {
  return [
    {
      method: 'get',
      path: '/scans/{scanId}/cookies',
      operation: {
        operationId: 'listScanCookies',
        summary: 'List the cookies of a scan',
        description:
          'Page by page: pass nextCursor of one page as cursor of the next. Empty until the scan ended.',
        tags: ['Scans'],
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
            content: { 'application/json': { schema: schemaRef('CookiePage') } },
          },
          ...problemResponses(404, 422),
        },
      },
      async handle(request, response) {
        const scanId = scanIdOf(request, response);
        const { cursor = null, limit = LIMIT_DEFAULT } = parseQuery(cookiesQuery, request);
        const page = await scans.listCookies(scanId, { cursor, limit });
        if (!page) throw scanNotFound();
        response.json(page);
      },
    },
  ];
}
