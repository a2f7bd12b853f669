export { crashPoint, type CrashPoint } from './crash-point.ts';
export { healthPages, type HealthReport } from './health-pages.ts';
export { startHealthServer } from './health-server.ts';
export { createLogger, silentLogger, type Logger, type LogLevel } from './logger.ts';
export { createMetrics, type Metrics } from './metrics.ts';
export { runService } from './run-service.ts';
export { superviseShutdown } from './supervise-shutdown.ts';
