import { sealAccess } from '@cookie-scanner/auth';
import { createScanBodySchema } from '@cookie-scanner/contracts';
import { scanDomain } from '@cookie-scanner/database';
import { AppError } from '@cookie-scanner/errors';
import { parseScanUrl } from '@cookie-scanner/url-policy';
import { z } from 'zod';
import { readJsonBody } from '../body/read-json-body.ts';
import type { GatewayDeps } from '../gateway-deps.ts';
import type { ApiRoute } from '../http/api-route.ts';
import { auditActorOf } from '../http/audit-actor.ts';
import { sendTagged } from '../http/entity-tag.ts';
import { idempotencyKeyHeader, onceOf } from '../http/idempotency-key.ts';
import { jsonBody } from '../http/json-body.ts';
import { schemaRef } from '../http/named-schemas.ts';
import { parseBody } from '../http/parse-input.ts';
import { contextOf } from '../http/request-context.ts';
import { tagHeader } from '../http/tag-headers.ts';
import { scanIdOf, scanNotFound } from '../http/scan-id.ts';
import { ownHostRefusal } from '../own-host.ts';
import { planScans } from '../scan-plan.ts';
import { scanParams } from './path-params.ts';
import { problemResponses } from './problem-responses.ts';

type Deps = Pick<GatewayDeps, 'inWorkspace' | 'allowPrivateNetworks' | 'publicUrl' | 'auth'>;

/** Submits scans and shows them. */
export function scansRoutes(deps: Deps): ApiRoute[] {
  return [createScan(deps), getScan(deps)];
}

function createScan({ inWorkspace, allowPrivateNetworks, publicUrl, auth }: Deps): ApiRoute {
  return {
    permission: 'scans:write',
    method: 'post',
    path: '/scans',
    operation: {
      operationId: 'createScan',
      summary: 'Submit a scan',
      description:
        'Records the scan and answers at once; a worker takes it as soon as one is free, even when the queue is away ' +
        'at this moment. The URL is stored in its normal form, without fragment. Without a profile and other parameters ' +
        'the profile counts that the workspace chose for the site. `access` opens a site that is not open to everybody ' +
        '(headers, cookies, credentials, a recorded login). It is kept encrypted, shown to nobody, and forgotten when the ' +
        'scan is over.',
      tags: ['Scans'],
      request: {
        headers: idempotencyKeyHeader,
        body: jsonBody('CreateScanBody', { url: 'https://example.com', mode: 'quick' }),
      },
      responses: {
        202: {
          description: 'Recorded. The header Location is the path of the scan.',
          headers: z.object({ Location: z.string() }),
          content: { 'application/json': { schema: schemaRef('ScanResult') } },
        },
        ...problemResponses(409, 413, 415, 422),
      },
    },
    async handle(request, response, caller) {
      const body = await readJsonBody(request);
      const { url: text, access, ...asked } = parseBody(createScanBodySchema, body);
      const url = parseScanUrl(text, { allowPrivateNetworks });
      const refusal = ownHostRefusal(url.href, publicUrl);
      if (refusal) throw refusal;
      // A hash of a password could be tried out, so that there is something is all that is kept of it.
      const once = onceOf(request, { url: text, ...asked, access: access && 'set' });
      const data = inWorkspace(caller.workspaceId);
      const host = scanDomain(url.href) ?? '';
      const plan = (await planScans(data, [host], asked))(host);
      if (!plan) throw new AppError('CONFLICT', `${host} is archived and takes no new scans.`);
      const scan = await data.scans.create({
        requestedUrl: url.href,
        params: plan.params,
        ...(plan.profileId === null ? {} : { profileId: plan.profileId }),
        requestedBy: caller.userId,
        trigger: caller.kind === 'person' ? 'manual' : 'api',
        by: auditActorOf(caller, request, response),
        ...(access ? { sealAccess: (scanId: string) => sealAccess(auth.keys, scanId, access) } : {}),
        ...(once ? { once } : {}),
      });
      contextOf(response).log.info('scan submitted', { scanId: scan.id, mode: scan.params.mode });
      response.status(202).location(`/api/v1/scans/${scan.id}`).json(scan);
    },
  };
}

function getScan({ inWorkspace }: Deps): ApiRoute {
  return {
    permission: 'scans:read',
    method: 'get',
    path: '/scans/{scanId}',
    operation: {
      operationId: 'getScan',
      summary: 'Show a scan',
      tags: ['Scans'],
      request: { params: scanParams },
      responses: {
        200: {
          description: 'The scan as it is now.',
          headers: tagHeader,
          content: { 'application/json': { schema: schemaRef('ScanResult') } },
        },
        ...problemResponses(404),
      },
    },
    async handle(request, response, { workspaceId }) {
      const scan = await inWorkspace(workspaceId).scans.find(scanIdOf(request, response));
      if (!scan) throw scanNotFound();
      sendTagged(request, response, scan);
    },
  };
}
