import { z } from 'zod';
import { documented } from '../setting.ts';

/** The logging part of the Monitoring section. */
export const loggingSettings = z.object({
  LOG_LEVEL: documented(
    z
      .enum(['error', 'warn', 'info', 'debug'], { error: 'must be error, warn, info or debug' })
      .default('info'),
    'Least severe level that is logged: error, warn, info or debug. Logs are JSON lines on standard output.',
    { isLive: true },
  ),
});

/** How much a service logs. */
export const loggingConfig = loggingSettings.transform((env) => ({ level: env.LOG_LEVEL }));
