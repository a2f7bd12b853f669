import { openArtifactStore } from '@cookie-scanner/artifacts';
import {
  artifactsConfig,
  classificationConfig,
  databaseConfig,
  faultsConfig,
  healthConfig,
  loggingConfig,
  openConfig,
  queueConfig,
  redisConfig,
} from '@cookie-scanner/config';
import {
  categoryOverrideRepository,
  findingRepository,
  openDatabase,
  reportRepository,
  scanRepository,
} from '@cookie-scanner/database';
import { loadFilterLists } from '@cookie-scanner/filter-lists';
import {
  crashPoint,
  createLogger,
  createMetrics,
  runService,
  startHealthServer,
  superviseShutdown,
} from '@cookie-scanner/observability';
import { openRedis } from '@cookie-scanner/redis';
import { startConsumers } from './consumers.ts';
import { liveness, readiness } from './service-health.ts';

const SERVICE = 'report';
const HEALTH_PORT = 8004;

/** Time that running jobs have before they are aborted and handed back. */
const JOB_GRACE_MS = 10_000;
const STOP_DEADLINE_MS = 25_000;

const SECTIONS = {
  database: databaseConfig,
  redis: redisConfig,
  queue: queueConfig,
  artifacts: artifactsConfig,
  classification: classificationConfig,
  faults: faultsConfig,
  health: healthConfig(HEALTH_PORT),
  logging: loggingConfig,
};

const STOPPING = { ok: false, checks: { stopping: { ok: false, detail: 'this process is being stopped' } } };

runService(SERVICE, async () => {
  const { config, warnings, watch } = openConfig(SECTIONS, process.env);
  const logger = createLogger({ service: SERVICE, ...config.logging });
  for (const warning of warnings) logger.warn(warning);
  const metrics = createMetrics(SERVICE);
  const filterLists = await loadFilterLists(config.classification.filterLists);
  const artifacts = openArtifactStore(config.artifacts);
  const database = openDatabase({ ...config.database, logger });
  const redis = openRedis({ ...config.redis, logger });
  const consumers = startConsumers({
    scans: scanRepository(database),
    findings: findingRepository(database),
    reports: reportRepository(database),
    overrides: categoryOverrideRepository(database),
    filterLists,
    artifacts,
    redis,
    concurrency: config.queue.reportConcurrency,
    crash: crashPoint(config.faults.crashAt, logger),
    metrics,
    logger,
  });

  let isStopping = false;
  const health = await startHealthServer({
    ...config.health,
    metrics,
    logger,
    live: () => liveness(consumers, Date.now()),
    ready: () => (isStopping ? Promise.resolve(STOPPING) : readiness({ database, redis, artifacts })),
  });
  logger.info('started', { healthPort: health.port, filterLists: filterLists.names });

  watch({ logger, apply: { logging: ({ level }) => logger.setLevel(level) } });
  superviseShutdown({
    logger,
    deadlineMs: STOP_DEADLINE_MS,
    steps: [
      {
        name: 'report not ready',
        stop: () => {
          isStopping = true;
          return Promise.resolve();
        },
      },
      {
        name: 'stop taking jobs',
        stop: async () => void (await Promise.all(consumers.map((one) => one.close(JOB_GRACE_MS)))),
      },
      { name: 'close Redis', stop: () => redis.close() },
      { name: 'close the database', stop: () => database.close() },
      { name: 'close the health server', stop: () => health.close() },
    ],
  });
});
