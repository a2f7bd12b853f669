import { AppError } from '@cookie-scanner/errors';
import type { GatewayDeps } from '../gateway-deps.ts';
import type { ApiRoute } from '../http/api-route.ts';
import { schemaRef } from '../http/named-schemas.ts';
import { observationOfScan } from '../http/observation-of-scan.ts';
import { scanIdOf, scanNotFound } from '../http/scan-id.ts';
import { sendArtifact } from '../http/send-artifact.ts';
import { scanParams } from './path-params.ts';
import { problemResponses } from './problem-responses.ts';

/** Hands out the whole of what a scan saw. */
export function scanObservationRoutes({
  inWorkspace,
  artifacts,
}: Pick<GatewayDeps, 'inWorkspace' | 'artifacts'>): ApiRoute[] {
  return [
    {
      permission: 'scans:read',
      method: 'get',
      path: '/scans/{scanId}/observation',
      operation: {
        operationId: 'getScanObservation',
        summary: 'Download everything a scan saw',
        tags: ['Scans'],
        request: { params: scanParams },
        responses: {
          200: {
            description: 'The observation, without judgement.',
            content: { 'application/json': { schema: schemaRef('SiteObservation') } },
          },
          304: { description: 'Your copy is current.' },
          ...problemResponses(404, 409, 410),
        },
      },
      async handle(request, response, { workspaceId }) {
        const { scans } = inWorkspace(workspaceId);
        const scan = await scans.find(scanIdOf(request, response));
        if (!scan) throw scanNotFound();
        const artifact = await observationOfScan(scans, scan);
        if (!artifact) throw new AppError('ARTIFACT_NOT_FOUND', 'This scan ended without an observation.');
        response.type('application/json');
        await sendArtifact(artifacts, artifact, request, response);
      },
    },
  ];
}
