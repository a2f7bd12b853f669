import {
  artifactsConfig,
  auditConfig,
  databaseConfig,
  encryptionKeyConfig,
  faultsConfig,
  healthConfig,
  loggingConfig,
  queueConfig,
  redisConfig,
  retentionConfig,
} from '@cookie-scanner/config';

/** The settings a scheduler reads. */
export const schedulerConfig = {
  artifacts: artifactsConfig,
  audit: auditConfig,
  database: databaseConfig,
  encryptionKey: encryptionKeyConfig,
  faults: faultsConfig,
  health: healthConfig(8003),
  logging: loggingConfig,
  queue: queueConfig,
  redis: redisConfig,
  retention: retentionConfig,
};
