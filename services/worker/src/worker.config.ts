import {
  artifactsConfig,
  cacheConfig,
  databaseConfig,
  healthConfig,
  loggingConfig,
  redisConfig,
  scanConfig,
} from '@cookie-scanner/config';

/** The settings a worker reads. */
export const workerConfig = {
  artifacts: artifactsConfig,
  cache: cacheConfig,
  database: databaseConfig,
  health: healthConfig(8002),
  logging: loggingConfig,
  redis: redisConfig,
  scan: scanConfig,
};
