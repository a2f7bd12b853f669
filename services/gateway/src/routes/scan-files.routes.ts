import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { scanFileListSchema, scanFileSchema, type ScanFile } from '@cookie-scanner/contracts';
import { AppError } from '@cookie-scanner/errors';
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { GatewayDeps, WorkspaceData } from '../gateway-deps.ts';
import type { ApiRoute } from '../http/api-route.ts';
import { schemaRef } from '../http/named-schemas.ts';
import { observationOfScan } from '../http/observation-of-scan.ts';
import { scanIdOf, scanNotFound } from '../http/scan-id.ts';
import { sendArtifact } from '../http/send-artifact.ts';
import { fileParams, scanParams } from './path-params.ts';
import { problemResponses } from './problem-responses.ts';

type Deps = Pick<GatewayDeps, 'inWorkspace' | 'artifacts'>;

/** A file shows what strangers made: it is saved and not shown, and where it is shown all the same nothing in it runs. */
const FILE_POLICY = "default-src 'none'; sandbox";

/** Observations of engines that made no files have no such field. */
const filesSchema = z.object({ files: z.array(scanFileSchema).default([]) });

const unpack = promisify<Buffer, Buffer>(gunzip);

/** Hands out the screenshots of a scan and the record of its requests. */
export function scanFilesRoutes({ inWorkspace, artifacts }: Deps): ApiRoute[] {
  /** What the scan's observation says of its files. */
  async function filesOf(
    { scans }: Pick<WorkspaceData, 'scans'>,
    request: Request,
    response: Response,
  ): Promise<{ scanId: string; files: ScanFile[] }> {
    const scan = await scans.find(scanIdOf(request, response));
    if (!scan) throw scanNotFound();
    const observation = await observationOfScan(scans, scan);
    if (!observation) return { scanId: scan.id, files: [] };
    const bytes = await unpack(await artifacts.get(observation.key, observation));
    return { scanId: scan.id, ...filesSchema.parse(JSON.parse(bytes.toString())) };
  }

  return [
    {
      permission: 'scans:read',
      method: 'get',
      path: '/scans/{scanId}/files',
      operation: {
        operationId: 'listScanFiles',
        summary: 'List screenshots and the record of requests',
        tags: ['Scans'],
        request: { params: scanParams },
        responses: {
          200: {
            description: 'The files; none unless the scan was asked for them.',
            content: { 'application/json': { schema: schemaRef('ScanFileList') } },
          },
          ...problemResponses(404, 409, 410),
        },
      },
      async handle(request, response, { workspaceId }) {
        const { files } = await filesOf(inWorkspace(workspaceId), request, response);
        // The schema leaves out where they are stored.
        response.json(scanFileListSchema.parse({ items: files }));
      },
    },
    {
      permission: 'scans:read',
      method: 'get',
      path: '/scans/{scanId}/files/{name}',
      operation: {
        operationId: 'getScanFile',
        summary: 'Download a screenshot or the record of requests',
        tags: ['Scans'],
        request: { params: fileParams },
        responses: {
          200: {
            description: 'The file.',
            content: {
              'image/png': { schema: z.string() },
              'application/json': { schema: z.record(z.string(), z.unknown()) },
            },
          },
          304: { description: 'Your copy is current.' },
          ...problemResponses(404, 409, 410),
        },
      },
      async handle(request, response, { workspaceId }) {
        const { scanId, files } = await filesOf(inWorkspace(workspaceId), request, response);
        const file = files.find(({ name }) => name === request.params['name']);
        // Whatever an observation says, it opens nothing but what belongs to its scan.
        if (!file?.reference.startsWith(`scans/${scanId}/`))
          throw new AppError('ARTIFACT_NOT_FOUND', 'This scan has no such file.');
        response.type(file.kind === 'screenshot' ? 'image/png' : 'application/json');
        response.setHeader('Content-Disposition', `attachment; filename="scan-${scanId}-${file.name}"`);
        response.setHeader('Content-Security-Policy', FILE_POLICY);
        response.setHeader('X-Content-Type-Options', 'nosniff');
        await sendArtifact(artifacts, { key: file.reference, sha256: file.sha256 }, request, response);
      },
    },
  ];
}
