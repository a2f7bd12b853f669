import {
  databaseConfig,
  faultsConfig,
  healthConfig,
  loggingConfig,
  queueConfig,
  redisConfig,
} from '@cookie-scanner/config';

/** The settings a scheduler reads. */
export const schedulerConfig = {
  database: databaseConfig,
  faults: faultsConfig,
  health: healthConfig(8003),
  logging: loggingConfig,
  queue: queueConfig,
  redis: redisConfig,
};
