import { healthSettings } from './health.config.ts';
import { loggingSettings } from './logging.config.ts';

/**
 * The whole Monitoring section; a service asks for its parts, `loggingConfig` and `healthConfig`.
 *
 * @param defaultPort - as in `healthConfig`
 */
export function monitoringConfig(defaultPort: number) {
  return healthSettings(defaultPort)
    .extend(loggingSettings.shape)
    .transform((env) => ({
      logLevel: env.LOG_LEVEL,
      healthHost: env.HEALTH_HOST,
      healthPort: env.HEALTH_PORT,
      hasMetrics: env.METRICS_ENABLED,
    }));
}
