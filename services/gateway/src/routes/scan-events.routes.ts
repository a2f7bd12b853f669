import { z } from 'zod';
import { openEventStream } from '../events/sse.ts';
import type { StreamLimit } from '../events/stream-limit.ts';
import { FINISHED_EVENT_ID, watchScan } from '../events/watch-scan.ts';
import type { GatewayDeps } from '../gateway-deps.ts';
import type { ApiRoute } from '../http/api-route.ts';
import { contextOf } from '../http/request-context.ts';
import { scanIdOf, scanNotFound } from '../http/scan-id.ts';
import { scanParams } from './path-params.ts';
import { problemResponses } from './problem-responses.ts';

type Deps = Pick<GatewayDeps, 'inWorkspace' | 'progress' | 'events'> & { readonly streams: StreamLimit };

/** Shows a scan live. */
export function scanEventsRoutes({ inWorkspace, progress, events, streams }: Deps): ApiRoute[] {
  return [
    {
      permission: 'scans:read',
      method: 'get',
      path: '/scans/{scanId}/events',
      operation: {
        operationId: 'watchScan',
        summary: 'Watch a scan',
        description:
          'Server-sent events. `progress` carries a ScanProgress; the last event is `finished` with the ScanResult, ' +
          'once the scan ended and each of its reports is ready or failed. A comment every few seconds shows that the ' +
          'stream lives. A client that reconnects with `Last-Event-ID` gets what is new since; after `finished`, 204.',
        tags: ['Scans'],
        request: { params: scanParams, headers: z.object({ 'Last-Event-ID': z.string().optional() }) },
        responses: {
          200: { description: 'The stream.', content: { 'text/event-stream': { schema: z.string() } } },
          204: { description: 'You have seen everything; do not reconnect.' },
          ...problemResponses(404),
        },
      },
      async handle(request, response, { workspaceId }) {
        const { scans } = inWorkspace(workspaceId);
        const scan = await scans.find(scanIdOf(request, response));
        if (!scan) throw scanNotFound();
        const lastEventId = request.headers['last-event-id'];
        if (lastEventId === FINISHED_EVENT_ID) {
          response.status(204).end();
          return;
        }
        if (request.method === 'HEAD') {
          response.type('text/event-stream').end();
          return;
        }
        streams.take(response);
        const stream = openEventStream(response, events);
        const { log } = contextOf(response);
        const seen = typeof lastEventId === 'string' ? lastEventId : undefined;
        await watchScan({ scans, progress, pollMs: events.pollMs }, scan, stream, log, seen);
      },
    },
  ];
}
