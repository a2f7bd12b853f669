import { z } from 'zod';
import { documented, listenHost, port } from '../setting.ts';

/** Whether Prometheus may read a service. */
const metricsSettings = z.object({
  METRICS_ENABLED: documented(
    z.stringbool({ error: 'must be true or false' }).default(true),
    'Serves /metrics for Prometheus, on every service. Without it the path answers 404.',
  ),
});

/** The health part of the Monitoring section. */
export function healthSettings(defaultPort: number) {
  return metricsSettings.extend({
    HEALTH_HOST: documented(
      listenHost().default('127.0.0.1'),
      'Address on which worker, scheduler, report and notifier serve /health/live, /health/ready and /metrics.',
    ),
    HEALTH_PORT: documented(
      port().default(defaultPort),
      'Port for it; 0 takes any free one. Without a value: worker 8002, scheduler 8003, report 8004, notifier 8005.',
      { example: '8002' },
    ),
  });
}

/**
 * Where a service without an API serves its health and metrics.
 *
 * @param defaultPort - worker 8002, scheduler 8003, report 8004, notifier 8005
 */
export function healthConfig(defaultPort: number) {
  return healthSettings(defaultPort).transform((env) => ({
    host: env.HEALTH_HOST,
    port: env.HEALTH_PORT,
    hasMetrics: env.METRICS_ENABLED,
  }));
}

/** Whether the gateway, which has its health on its own port, serves metrics there. */
export const metricsConfig = metricsSettings.transform((env) => ({ hasMetrics: env.METRICS_ENABLED }));
