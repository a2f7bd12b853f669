import type { GatewayDeps } from '../gateway-deps.ts';
import type { ApiRoute } from '../http/api-route.ts';
import { jsonAnswer } from '../http/json-body.ts';
import { documentedPageQuery, pageRequestOf } from '../http/page-query.ts';
import { scanIdOf, scanNotFound } from '../http/scan-id.ts';
import { scanParams } from './path-params.ts';
import { problemResponses } from './problem-responses.ts';

/** Lists what a scan found in client-side storage beside cookies. */
export function scanStorageRoutes({ inWorkspace }: Pick<GatewayDeps, 'inWorkspace'>): ApiRoute[] {
  return [
    {
      permission: 'cookies:read',
      method: 'get',
      path: '/scans/{scanId}/storage',
      operation: {
        operationId: 'listScanStorage',
        summary: 'List what a scan found in client-side storage',
        description:
          'Entries of Web Storage, databases, caches and the like, without their values, and what each is for.',
        tags: ['Scans'],
        request: { params: scanParams, query: documentedPageQuery },
        responses: { 200: jsonAnswer('StorageItemPage', 'One page.'), ...problemResponses(404, 410, 422) },
      },
      async handle(request, response, { workspaceId }) {
        const scanId = scanIdOf(request, response);
        const page = await inWorkspace(workspaceId).scans.listStorage(scanId, pageRequestOf(request));
        if (!page) throw scanNotFound();
        response.json(page);
      },
    },
  ];
}
