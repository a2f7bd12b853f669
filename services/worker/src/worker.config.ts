import {
  artifactsConfig,
  cacheConfig,
  databaseConfig,
  encryptionKeyConfig,
  faultsConfig,
  healthConfig,
  loggingConfig,
  redisConfig,
  scanConfig,
  workerConfig as workerSection,
} from '@cookie-scanner/config';

/** The settings a worker reads. */
export const workerConfig = {
  artifacts: artifactsConfig,
  cache: cacheConfig,
  database: databaseConfig,
  encryptionKey: encryptionKeyConfig,
  faults: faultsConfig,
  health: healthConfig(8002),
  logging: loggingConfig,
  redis: redisConfig,
  scan: scanConfig,
  worker: workerSection,
};
