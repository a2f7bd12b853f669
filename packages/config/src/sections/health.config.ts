import { z } from 'zod';
import { documented, listenHost, port } from '../setting.ts';

/**
 * Where a service without an API serves its health and metrics.
 *
 * @param defaultPort - worker 8002, scheduler 8003, report 8004, notifier 8005
 */
export function healthConfig(defaultPort: number) {
  return z
    .object({
      HEALTH_HOST: documented(
        listenHost().default('127.0.0.1'),
        'Address on which worker, scheduler, report and notifier serve /health/live, /health/ready and /metrics.',
      ),
      HEALTH_PORT: documented(
        port().default(defaultPort),
        'Port for it; 0 takes any free one. Without a value: worker 8002, scheduler 8003, report 8004, notifier 8005.',
        '8002',
      ),
    })
    .transform((env) => ({ host: env.HEALTH_HOST, port: env.HEALTH_PORT }));
}
