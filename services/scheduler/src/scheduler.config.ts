import {
  databaseConfig,
  healthConfig,
  loggingConfig,
  queueConfig,
  redisConfig,
} from '@cookie-scanner/config';

/** The settings a scheduler reads. */
export const schedulerConfig = {
  database: databaseConfig,
  health: healthConfig(8003),
  logging: loggingConfig,
  queue: queueConfig,
  redis: redisConfig,
};
