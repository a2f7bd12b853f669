import { healthPages } from '@cookie-scanner/observability';
import { Router } from 'express';
import type { GatewayDeps } from '../gateway-deps.ts';

/** `/health/live`, `/health/ready` and `/metrics`, as the other services serve them. */
export function healthRouter({
  metrics,
  live,
  ready,
  logger,
  hasMetrics = true,
}: Pick<GatewayDeps, 'metrics' | 'live' | 'ready' | 'logger' | 'hasMetrics'>): Router {
  const pages = healthPages({ metrics, live, ready, logger });
  const router = Router({ strict: true, caseSensitive: true });
  for (const path of ['/health/live', '/health/ready', ...(hasMetrics ? ['/metrics'] : [])]) {
    router.get(path, async (_request, response) => {
      const page = await pages(path);
      if (!page) return;
      response.status(page.status).setHeader('Cache-Control', 'no-store');
      response.setHeader('Content-Type', page.contentType);
      response.end(page.body);
    });
  }
  return router;
}
