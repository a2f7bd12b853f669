import { createLogger } from './logger.ts';

/**
 * Runs the start of a service. When it fails, the log says why and the process exits with 1.
 *
 * @param start - reads settings, connects, listens, and ends with `superviseShutdown`
 */
export function runService(service: string, start: () => Promise<void>): void {
  start().catch((error: unknown) => {
    createLogger({ service, level: 'error' }).error('the service could not start', { error });
    process.exit(1);
  });
}
