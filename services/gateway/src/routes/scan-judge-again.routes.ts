import type { GatewayDeps } from '../gateway-deps.ts';
import type { ApiRoute } from '../http/api-route.ts';
import { auditActorOf } from '../http/audit-actor.ts';
import { jsonAnswer } from '../http/json-body.ts';
import { scanIdOf, scanNotFound } from '../http/scan-id.ts';
import { scanParams } from './path-params.ts';
import { problemResponses } from './problem-responses.ts';

/** Has a scan judged again. */
export function scanJudgeAgainRoutes({ inWorkspace }: Pick<GatewayDeps, 'inWorkspace'>): ApiRoute[] {
  return [
    {
      permission: 'findings:write',
      method: 'post',
      path: '/scans/{scanId}/judge-again',
      operation: {
        operationId: 'judgeScanAgain',
        summary: 'Judge a finished scan again, and make its reports anew',
        description:
          'With what is known and decided today: knowledge, category overrides, decisions about findings. The site is not ' +
          'visited. The reports are ready again when their state says so.',
        tags: ['Findings'],
        request: { params: scanParams },
        responses: { 202: jsonAnswer('ScanResult', 'It will be.'), ...problemResponses(404, 409, 410) },
      },
      async handle(request, response, caller) {
        const scanId = scanIdOf(request, response);
        const { scans } = inWorkspace(caller.workspaceId);
        if (!(await scans.judgeAgain(scanId, auditActorOf(caller, request, response)))) throw scanNotFound();
        const scan = await scans.find(scanId);
        if (!scan) throw scanNotFound();
        response.status(202).json(scan);
      },
    },
  ];
}
