import type { Logger } from '@cookie-scanner/observability';
import type { Redis } from 'ioredis';
import { isConnectionError } from './connection-errors.ts';

/**
 * Logs the state of one connection: once when it is lost and once when it is back, however often ioredis tries in
 * between. Other errors are logged each time.
 */
export function logConnectionState(redis: Redis, logger: Logger): void {
  let isAway = false;

  redis.on('error', (error) => {
    if (!isConnectionError(error)) logger.error('Redis reports an error', { error });
    else if (!isAway) {
      isAway = true;
      logger.warn('Redis is not reachable; reconnecting until it is', { error });
    }
  });
  redis.on('close', () => {
    if (isAway || redis.status === 'end') return;
    isAway = true;
    logger.warn('Redis closed the connection; reconnecting until it is back');
  });
  redis.on('ready', () => {
    if (isAway) logger.info('Redis is reachable again');
    isAway = false;
  });
}
