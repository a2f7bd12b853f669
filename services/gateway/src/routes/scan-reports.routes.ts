import { reportFormatSchema, type ReportFormat, type ScanResult } from '@cookie-scanner/contracts';
import type { Report } from '@cookie-scanner/database';
import { AppError } from '@cookie-scanner/errors';
import type { Response } from 'express';
import { z } from 'zod';
import { isScanOver } from '../events/scan-over.ts';
import type { GatewayDeps, WorkspaceData } from '../gateway-deps.ts';
import type { ApiRoute } from '../http/api-route.ts';
import { scanIdOf, scanNotFound } from '../http/scan-id.ts';
import { sendArtifact } from '../http/send-artifact.ts';
import { reportParams } from './path-params.ts';
import { problemResponses } from './problem-responses.ts';

type Deps = Pick<GatewayDeps, 'inWorkspace' | 'artifacts'>;

/**
 * A report shows names and values that strangers chose. Whatever slipped into it cannot run, load or send anything, and
 * it has an origin of its own.
 */
const HTML_REPORT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox";

/** Hands out reports. */
export function scanReportsRoutes({ inWorkspace, artifacts }: Deps): ApiRoute[] {
  return [
    {
      permission: 'reports:read',
      method: 'get',
      path: '/scans/{scanId}/reports/{format}',
      operation: {
        operationId: 'getScanReport',
        summary: 'Download a report',
        tags: ['Reports'],
        request: { params: reportParams },
        responses: {
          200: {
            description: 'The report.',
            content: {
              'text/html': { schema: z.string() },
              'application/json': { schema: z.record(z.string(), z.unknown()) },
            },
          },
          304: { description: 'Your copy is current.' },
          ...problemResponses(404, 409),
        },
      },
      async handle(request, response, { workspaceId }) {
        const { scans, reports } = inWorkspace(workspaceId);
        const scanId = scanIdOf(request, response);
        const format = reportFormatSchema.safeParse(request.params['format']).data;
        const scan = await scans.find(scanId);
        if (!scan) throw scanNotFound();
        if (!format) throw new AppError('REPORT_NOT_FOUND', 'There are reports in html and json only.');
        const report = await reports.findByScan(scanId, format);
        const artifact = report?.artifact ?? null;
        if (!artifact) throw await reasonForNone(scans, scan, report);
        setHeaders(response, format, scanId);
        await sendArtifact(artifacts, artifact, request, response);
      },
    },
  ];
}

async function reasonForNone(
  scans: WorkspaceData['scans'],
  scan: ScanResult,
  report: Report | null,
): Promise<AppError> {
  if (report?.state === 'failed') {
    return new AppError(
      'REPORT_NOT_FOUND',
      'This report could not be built; the observation is still there.',
    );
  }
  if (!report && (await isScanOver(scans, scan))) {
    return new AppError('REPORT_NOT_FOUND', 'This scan ended without anything to report on.');
  }
  return new AppError('REPORT_NOT_READY', 'This report is not ready yet.');
}

function setHeaders(response: Response, format: ReportFormat, scanId: string): void {
  response.type(format === 'html' ? 'text/html' : 'application/json');
  response.setHeader('Content-Disposition', `inline; filename="scan-${scanId}.${format}"`);
  if (format === 'html') response.setHeader('Content-Security-Policy', HTML_REPORT_POLICY);
}
