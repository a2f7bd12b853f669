import { cookieIdentity, diffScans, type ClassifiedScan } from '@cookie-scanner/analysis';
import { readObservation } from '@cookie-scanner/artifacts';
import { isTerminalStatus, type CookieClassification, type ScanDiff } from '@cookie-scanner/contracts';
import { AppError } from '@cookie-scanner/errors';
import { z } from 'zod';
import type { GatewayDeps, WorkspaceData } from '../gateway-deps.ts';
import type { ApiRoute } from '../http/api-route.ts';
import { schemaRef } from '../http/named-schemas.ts';
import { parseQuery } from '../http/parse-input.ts';
import { scanIdOf, scanNotFound } from '../http/scan-id.ts';
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
          'What the site changed (added, removed, changed) apart from what we know better now (knowledgeChanged). ' +
          'Names that rotate are folded. Both scans must have ended with an observation.',
        tags: ['Findings'],
        request: { params: scanParams, query: diffQuery },
        responses: {
          200: {
            description: 'The differences.',
            content: { 'application/json': { schema: schemaRef('ScanDiff') } },
          },
          ...problemResponses(404, 409, 422),
        },
      },
      async handle(request, response, { workspaceId }) {
        const { scans } = inWorkspace(workspaceId);
        const scanId = scanIdOf(request, response);
        const { against } = parseQuery(diffQuery, request);
        const before = await classifiedScan({ scans, artifacts }, against.toLowerCase());
        const after = await classifiedScan({ scans, artifacts }, scanId);
        const diff: ScanDiff = diffScans([before], [after]);
        response.json(diff);
      },
    },
  ];
}

/** What a scan saw, with what its cookies were held to be for when it was analysed. */
async function classifiedScan(
  { scans, artifacts }: Pick<WorkspaceData, 'scans'> & Pick<GatewayDeps, 'artifacts'>,
  scanId: string,
): Promise<ClassifiedScan> {
  const scan = await scans.find(scanId);
  if (!scan) throw scanNotFound();
  const artifact = await scans.observationArtifact(scanId);
  if (!artifact) {
    throw isTerminalStatus(scan.status)
      ? new AppError('ARTIFACT_NOT_FOUND', `Scan ${scanId} ended without an observation.`)
      : new AppError('SCAN_NOT_FINISHED', `Scan ${scanId} is not finished yet.`);
  }
  const observation = await readObservation(artifacts, artifact);
  if ('lost' in observation) throw new AppError('ARTIFACT_NOT_FOUND', `Scan ${scanId}: ${observation.lost}.`);
  const classifications = await scans.classificationsOf(scanId);
  return {
    observation,
    cookies: observation.cookies.map((cookie, position) => ({
      cookie,
      identity: cookieIdentity(cookie),
      classification: classifications[position] ?? UNCLASSIFIED,
    })),
  };
}

/** Until a scan is analysed, and when retention removed its rows. */
const UNCLASSIFIED: CookieClassification = {
  category: 'unclassified',
  purpose: null,
  source: 'none',
  confidence: null,
  vendor: null,
  company: null,
  basis: null,
  provenance: {
    entry: null,
    corroboratedBy: null,
    conflicts: [],
    override: null,
    guess: null,
    filterRules: [],
  },
};
