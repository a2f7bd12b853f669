import type { GatewayDeps } from '../gateway-deps.ts';
import type { ApiRoute } from '../http/api-route.ts';
import { schemaRef } from '../http/named-schemas.ts';
import { documentedPageQuery, pageRequestOf } from '../http/page-query.ts';
import { scanIdOf, scanNotFound } from '../http/scan-id.ts';
import { scanParams } from './path-params.ts';
import { problemResponses } from './problem-responses.ts';

/** Lists what a scan found. */
export function scanCookiesRoutes({ inWorkspace }: Pick<GatewayDeps, 'inWorkspace'>): ApiRoute[] {
  return [
    {
      permission: 'cookies:read',
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
          query: documentedPageQuery,
        },
        responses: {
          200: {
            description: 'One page.',
            content: { 'application/json': { schema: schemaRef('CookiePage') } },
          },
          ...problemResponses(404, 410, 422),
        },
      },
      async handle(request, response, { workspaceId }) {
        const scanId = scanIdOf(request, response);
        const page = await inWorkspace(workspaceId).scans.listCookies(scanId, pageRequestOf(request));
        if (!page) throw scanNotFound();
        response.json(page);
      },
    },
  ];
}
