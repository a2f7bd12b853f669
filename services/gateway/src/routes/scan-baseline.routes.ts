import { judgeAgainstBaseline } from '@cookie-scanner/analysis';
import { severitySchema, type ScanBaselineJudgement } from '@cookie-scanner/contracts';
import { AppError } from '@cookie-scanner/errors';
import { z } from 'zod';
import type { GatewayDeps } from '../gateway-deps.ts';
import type { ApiRoute } from '../http/api-route.ts';
import { baselineNotFound } from '../http/baseline-id.ts';
import { judgedScan } from '../http/judged-scan.ts';
import { jsonAnswer } from '../http/json-body.ts';
import { parseQuery } from '../http/parse-input.ts';
import { scanIdOf } from '../http/scan-id.ts';
import { scanParams } from './path-params.ts';
import { problemResponses } from './problem-responses.ts';

type Deps = Pick<GatewayDeps, 'inWorkspace' | 'artifacts'>;

const judgementQuery = z.strictObject({
  baseline: z.uuid({ error: 'must be the id of a baseline' }).optional(),
  failOn: severitySchema.default('low'),
});

/** Holds a scan against a baseline. */
export function scanBaselineRoutes({ inWorkspace, artifacts }: Deps): ApiRoute[] {
  return [
    {
      permission: 'baselines:read',
      method: 'get',
      path: '/scans/{scanId}/baseline-judgement',
      operation: {
        operationId: 'judgeScanAgainstBaseline',
        summary: 'Hold a scan against a baseline',
        description:
          'Cookies and open findings that the baseline does not have, and who answers for each at this moment. Without ' +
          '?baseline, the active one of the scanned site; findings below ?failOn do not decide whether all is in order.',
        tags: ['Baselines'],
        request: { params: scanParams, query: judgementQuery },
        responses: {
          200: jsonAnswer('ScanBaselineJudgement', 'How the scan stands against the baseline.'),
          ...problemResponses(404, 409, 410, 422),
        },
      },
      async handle(request, response, { workspaceId }) {
        const scanId = scanIdOf(request, response);
        const { baseline: baselineId, failOn } = parseQuery(judgementQuery, request);
        const { scans, findings, baselines } = inWorkspace(workspaceId);
        const scan = await judgedScan({ scans, findings, artifacts }, scanId);
        const baseline = await (baselineId === undefined
          ? baselines.activeForScan(scanId)
          : baselines.find(baselineId.toLowerCase()));
        if (!baseline) {
          throw baselineId === undefined
            ? new AppError('BASELINE_NOT_FOUND', 'The site of this scan has no baseline; make one first.')
            : baselineNotFound();
        }
        const now = Date.now();
        const judgement: ScanBaselineJudgement = {
          ...judgeAgainstBaseline(scan, baseline.content, baseline.approvals, { now, failOn }),
          scanId,
          baselineId: baseline.id,
          judgedAt: new Date(now).toISOString(),
        };
        response.json(judgement);
      },
    },
  ];
}
