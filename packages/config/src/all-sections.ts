import type { z } from 'zod';
import { productionSettings } from './production-rules.ts';
import { apiConfig } from './sections/api.config.ts';
import { artifactsConfig } from './sections/artifacts.config.ts';
import { auditConfig } from './sections/audit.config.ts';
import { authConfig } from './sections/auth.config.ts';
import { cacheConfig } from './sections/cache.config.ts';
import { classificationConfig } from './sections/classification.config.ts';
import { databaseConfig } from './sections/database.config.ts';
import { eventsConfig } from './sections/events.config.ts';
import { faultsConfig } from './sections/faults.config.ts';
import { monitoringConfig } from './sections/monitoring.config.ts';
import { notificationConfig } from './sections/notification.config.ts';
import { queueConfig } from './sections/queue.config.ts';
import { redisConfig } from './sections/redis.config.ts';
import { retentionConfig } from './sections/retention.config.ts';
import { scanConfig } from './sections/scan.config.ts';
import { workerConfig } from './sections/worker.config.ts';

/** Every section of the platform's settings. A service loads those that it needs, or parts of them. */
export const configSections = {
  database: databaseConfig,
  redis: redisConfig,
  api: apiConfig,
  auth: authConfig,
  scan: scanConfig,
  worker: workerConfig,
  notification: notificationConfig,
  cache: cacheConfig,
  monitoring: monitoringConfig(0),
  queue: queueConfig,
  artifacts: artifactsConfig,
  audit: auditConfig,
  retention: retentionConfig,
  classification: classificationConfig,
  events: eventsConfig,
  faults: faultsConfig,
};

/** All settings of the platform, by section. */
export type Config = { [K in keyof typeof configSections]: z.output<(typeof configSections)[K]> };

/** The keys of a section in a YAML file, its heading, and what its settings' names begin with where they do. */
interface SectionFacts {
  readonly heading: string;
  readonly prefix?: RegExp;
  readonly shape: Readonly<Record<string, z.core.$ZodType>>;
}

/** Every section by its name in a YAML file, in the order of the example files. */
const SECTIONS: Readonly<Record<string, SectionFacts>> = {
  platform: { heading: 'Platform', shape: productionSettings },
  database: { heading: 'Database (PostgreSQL)', prefix: /^DATABASE_/, shape: databaseConfig.in.shape },
  redis: { heading: 'Redis', prefix: /^REDIS_/, shape: redisConfig.in.shape },
  api: { heading: 'Api (the gateway)', prefix: /^(API|GATEWAY)_/, shape: apiConfig.in.shape },
  auth: { heading: 'Auth', prefix: /^AUTH_/, shape: authConfig.in.shape },
  scan: { heading: 'Scan', prefix: /^SCAN_/, shape: scanConfig.in.shape },
  worker: { heading: 'Worker', prefix: /^WORKER_/, shape: workerConfig.in.shape },
  notification: { heading: 'Notification', prefix: /^NOTIFICATION_/, shape: notificationConfig.in.shape },
  cache: { heading: 'Cache (lifetimes of keys in Redis)', prefix: /^CACHE_/, shape: cacheConfig.in.shape },
  monitoring: { heading: 'Monitoring', shape: configSections.monitoring.in.shape },
  queue: { heading: 'Queue', prefix: /^QUEUE_/, shape: queueConfig.in.shape },
  artifacts: { heading: 'Artifacts', prefix: /^ARTIFACTS_/, shape: artifactsConfig.in.shape },
  audit: { heading: 'Audit', prefix: /^AUDIT_/, shape: auditConfig.in.shape },
  retention: {
    heading: 'Retention (what goes when it is old)',
    prefix: /^RETENTION_/,
    shape: retentionConfig.in.shape,
  },
  classification: { heading: 'Classification', shape: classificationConfig.in.shape },
  events: { heading: 'Events', shape: eventsConfig.in.shape },
  faults: { heading: 'Faults (for tests)', shape: faultsConfig.in.shape },
};

/** One section with its settings. */
export interface KnownSection {
  /** Its name in a YAML file. */
  readonly name: string;
  readonly heading: string;
  readonly settings: readonly KnownSetting[];
}

/** One setting that the platform knows. */
export interface KnownSetting {
  /** In the environment and in `.env`. */
  readonly name: string;
  /** Below its section in a YAML file. */
  readonly yamlKey: string;
  readonly schema: z.core.$ZodType;
}

/** Every section of the platform; each setting once, in the first section that has it. */
export function knownSections(): KnownSection[] {
  const seen = new Set<string>();
  return Object.entries(SECTIONS).map(([section, { heading, prefix, shape }]) => {
    const own = Object.entries(shape).filter(([name]) => !seen.has(name));
    for (const [name] of own) seen.add(name);
    const settings = own.map(([name, schema]) => ({ name, yamlKey: yamlKey(name, prefix), schema }));
    return { name: section, heading, settings };
  });
}

/** Names of every setting of the platform. */
export function knownNames(): string[] {
  return knownSections().flatMap(({ settings }) => settings.map(({ name }) => name));
}

/** `SCAN_LEASE_MS` is `leaseMs` in the section `scan`. */
function yamlKey(name: string, prefix: RegExp = /^/): string {
  return name
    .replace(prefix, '')
    .toLowerCase()
    .replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
}
