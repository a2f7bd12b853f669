import { diffScans } from '@cookie-scanner/analysis';
import type { ScanDiff } from '@cookie-scanner/contracts';
import { z } from 'zod';
import type { GatewayDeps } from '../gateway-deps.ts';
import type { ApiRoute } from '../http/api-route.ts';
import { judgedScan } from '../http/judged-scan.ts';
import { schemaRef } from '../http/named-schemas.ts';
import { parseQuery } from '../http/parse-input.ts';
import { scanIdOf } from '../http/scan-id.ts';
import { scanParams } from './path-params.ts';
import { problemResponses } from './problem-responses.ts';

type Deps = Pick<GatewayDeps, 'inWorkspace' | 'artifacts'>;

const diffQuery = z.strictObject({ against: z.uuid({ error: 'must be the id of the earlier scan' }) });

/** Compares two scans. */
export function scanDiffRoutes({ inWorkspace, artifacts }: Deps): ApiRoute[] {
  return [
    {
      permission: 'findings:read',
      method: 'get',
      path: '/scans/{scanId}/diff',
      operation: {
        operationId: 'diffScans',
        summary: 'Compare a scan with an earlier one',
        description:
          'What the site changed (cookies added, removed, changed; storage, hosts of other sites, findings) apart from what ' +
          'we know better now (knowledgeChanged). Names that rotate are folded. Both scans must have ended with an observation.',
        tags: ['Findings'],
        request: { params: scanParams, query: diffQuery },
        responses: {
          200: {
            description: 'The differences.',
            content: { 'application/json': { schema: schemaRef('ScanDiff') } },
          },
          ...problemResponses(404, 409, 410, 422),
        },
      },
      async handle(request, response, { workspaceId }) {
        const { scans, findings } = inWorkspace(workspaceId);
        const scanId = scanIdOf(request, response);
        const { against } = parseQuery(diffQuery, request);
        const sources = { scans, findings, artifacts };
        const before = await judgedScan(sources, against.toLowerCase());
        const after = await judgedScan(sources, scanId);
        const diff: ScanDiff = diffScans([before], [after]);
        response.json(diff);
      },
    },
  ];
}
