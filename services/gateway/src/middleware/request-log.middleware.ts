import type { Metrics } from '@cookie-scanner/observability';
import type { Request, RequestHandler } from 'express';
import { contextOf } from '../http/request-context.ts';

const DURATION_BUCKETS_SECONDS = [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const KNOWN_METHODS: ReadonlySet<string> = new Set([
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
]);

/** Writes one log line and counts once for every request, when its answer is out or its client gone. */
export function requestLog(metrics: Metrics): RequestHandler {
  const requests = metrics.counter({
    name: 'http_requests_total',
    help: 'Requests answered, by route and status.',
    labels: ['method', 'route', 'status'],
  });
  const durations = metrics.histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the head of a request to the end of its answer.',
    labels: ['method', 'route'],
    buckets: DURATION_BUCKETS_SECONDS,
  });

  return (request, response, next) => {
    const startedAtMs = performance.now();
    const path = request.originalUrl.split('?')[0];
    response.once('close', () => {
      const durationMs = Math.round(performance.now() - startedAtMs);
      const method = KNOWN_METHODS.has(request.method) ? request.method : 'other';
      const route = routeOf(request);
      const status = response.statusCode;
      requests.inc({ method, route, status: String(status) });
      durations.observe({ method, route }, durationMs / 1_000);
      const isComplete = response.writableFinished;
      // Probes come every few seconds and would drown everything else.
      const level = route.startsWith('/health') || route === '/metrics' ? 'debug' : 'info';
      contextOf(response).log[level]('request', { method, path, status, durationMs, isComplete });
    });
    next();
  };
}

/** The pattern that matched, below where its router is mounted; ids in paths make no new metrics. */
function routeOf(request: Request): string {
  const route: unknown = request.route;
  const pattern = typeof route === 'object' && route !== null && 'path' in route ? route.path : null;
  return typeof pattern === 'string' ? pattern : 'none';
}
