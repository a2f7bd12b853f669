import { isTerminalStatus } from '@cookie-scanner/contracts';
import { AppError } from '@cookie-scanner/errors';
import { parseScanUrl } from '@cookie-scanner/url-policy';
import { z } from 'zod';
import type { GatewayDeps } from '../gateway-deps.ts';
import type { ApiRoute, WorkspaceRoute } from '../http/api-route.ts';
import { auditActorOf } from '../http/audit-actor.ts';
import { idempotencyKeyHeader, onceOf } from '../http/idempotency-key.ts';
import { jsonAnswer } from '../http/json-body.ts';
import { contextOf } from '../http/request-context.ts';
import { scanIdOf, scanNotFound } from '../http/scan-id.ts';
import { scanParams } from './path-params.ts';
import { problemResponses } from './problem-responses.ts';

type Deps = Pick<GatewayDeps, 'inWorkspace' | 'artifacts' | 'allowPrivateNetworks'>;
const TAGS = ['Scans'];

/** What can be done with a scan that was submitted. */
export function scanActionsRoutes(deps: Deps): ApiRoute[] {
  return [cancel(deps), retry(deps), remove(deps)];
}

function cancel({ inWorkspace }: Deps): WorkspaceRoute {
  return {
    permission: 'scans:write',
    method: 'post',
    path: '/scans/{scanId}/cancel',
    operation: {
      operationId: 'cancelScan',
      summary: 'Cancel a scan',
      description:
        'A running one stops within moments and leaves no result. Cancelling again changes nothing.',
      tags: TAGS,
      request: { params: scanParams },
      responses: { 200: jsonAnswer('ScanResult', 'The scan.'), ...problemResponses(404, 409) },
    },
    async handle(request, response, caller) {
      const { scans } = inWorkspace(caller.workspaceId);
      const scanId = scanIdOf(request, response);
      const outcome = await scans.cancel(scanId, auditActorOf(caller, request, response));
      if (outcome === 'ended_before') throw new AppError('CONFLICT', 'This scan has ended already.');
      const scan = outcome && (await scans.find(scanId));
      if (!scan) throw scanNotFound();
      response.json(scan);
    },
  };
}

function retry({ inWorkspace, allowPrivateNetworks }: Deps): WorkspaceRoute {
  return {
    permission: 'scans:write',
    method: 'post',
    path: '/scans/{scanId}/retry',
    operation: {
      operationId: 'retryScan',
      summary: 'Repeat a scan that has ended, with the same parameters',
      tags: TAGS,
      request: { params: scanParams, headers: idempotencyKeyHeader },
      responses: {
        202: {
          ...jsonAnswer('ScanResult', 'The new scan. The header Location is its path.'),
          headers: z.object({ Location: z.string() }),
        },
        ...problemResponses(404, 409, 422),
      },
    },
    async handle(request, response, caller) {
      const once = onceOf(request, null);
      const { scans } = inWorkspace(caller.workspaceId);
      const before = await scans.find(scanIdOf(request, response));
      if (!before) throw scanNotFound();
      if (!isTerminalStatus(before.status)) {
        throw new AppError('SCAN_NOT_FINISHED', 'This scan has not ended yet.');
      }
      if (before.access !== null) {
        throw new AppError(
          'CONFLICT',
          'This scan was given secrets to open the site, which are not kept. Submit it anew, with them.',
        );
      }
      // What may be scanned may have changed since.
      const url = parseScanUrl(before.requestedUrl, { allowPrivateNetworks });
      const scan = await scans.create({
        requestedUrl: url.href,
        params: before.params,
        requestedBy: caller.userId,
        trigger: 'retry',
        retryOf: before.id,
        by: auditActorOf(caller, request, response),
        ...(once ? { once } : {}),
      });
      response.status(202).location(`/api/v1/scans/${scan.id}`).json(scan);
    },
  };
}

function remove({ inWorkspace, artifacts }: Deps): WorkspaceRoute {
  return {
    permission: 'scans:delete',
    method: 'delete',
    path: '/scans/{scanId}',
    operation: {
      operationId: 'deleteScan',
      summary: 'Delete a scan that has ended, with its reports and files',
      tags: TAGS,
      request: { params: scanParams },
      responses: { 204: { description: 'Deleted.' }, ...problemResponses(404, 409) },
    },
    async handle(request, response, caller) {
      const scanId = scanIdOf(request, response);
      const by = auditActorOf(caller, request, response);
      const keys = await inWorkspace(caller.workspaceId).scans.remove(scanId, by);
      if (!keys) throw scanNotFound();
      // The rows are gone, so nobody finds the files any more; one that stays is waste, and no reason to say it failed.
      const { log } = contextOf(response);
      await Promise.all(
        keys.map((key) =>
          artifacts
            .delete(key)
            .catch((error: unknown) => log.warn('files of a deleted scan were left behind', { error })),
        ),
      );
      response.status(204).end();
    },
  };
}
