import type { GatewayDeps } from '../gateway-deps.ts';
import type { ApiRoute } from '../http/api-route.ts';
import { schemaRef } from '../http/named-schemas.ts';
import { documentedPageQuery, pageRequestOf } from '../http/page-query.ts';
import { scanIdOf, scanNotFound } from '../http/scan-id.ts';
import { scanParams } from './path-params.ts';
import { problemResponses } from './problem-responses.ts';

/** Says how a scan stands against the rules. */
export function scanFindingsRoutes({ inWorkspace }: Pick<GatewayDeps, 'inWorkspace'>): ApiRoute[] {
  return [
    {
      permission: 'findings:read',
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
          query: documentedPageQuery,
        },
        responses: {
          200: {
            description: 'One page.',
            content: { 'application/json': { schema: schemaRef('ScanFindings') } },
          },
          ...problemResponses(404, 422),
        },
      },
      async handle(request, response, { workspaceId }) {
        const { scans, findings } = inWorkspace(workspaceId);
        const scanId = scanIdOf(request, response);
        const page = pageRequestOf(request);
        const analysis = await scans.analysisOf(scanId);
        if (!analysis) throw scanNotFound();
        response.json({ ...analysis, ...(await findings.listOfScan(scanId, page)) });
      },
    },
  ];
}
