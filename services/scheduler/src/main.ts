import { openArtifactStore } from '@cookie-scanner/artifacts';
import { auditSigningKeyOf } from '@cookie-scanner/auth';
import { DEVELOPMENT_SECRET, openConfig } from '@cookie-scanner/config';
import {
  auditSigner,
  listenForOutbox,
  monthPartitions,
  openDatabase,
  outboxRepository,
  retentionRepository,
  scanRepository,
  scheduleRepository,
  workerRepository,
} from '@cookie-scanner/database';
import {
  crashPoint,
  createLogger,
  createMetrics,
  runService,
  startHealthServer,
  superviseShutdown,
} from '@cookie-scanner/observability';
import { openRedis } from '@cookie-scanner/redis';
import { schedulerConfig } from './scheduler.config.ts';
import { startScheduler } from './scheduler.ts';
import { liveness, readiness } from './service-health.ts';

const SERVICE = 'scheduler';
/** Below the 30 s after which an orchestrator kills. */
const STOP_DEADLINE_MS = 25_000;

const STOPPING = { ok: false, checks: { stopping: { ok: false, detail: 'this process is being stopped' } } };

runService(SERVICE, async () => {
  const { config, warnings, watch } = openConfig(schedulerConfig, process.env);
  const logger = createLogger({ service: SERVICE, ...config.logging });
  for (const warning of warnings) logger.warn(warning);
  const metrics = createMetrics(SERVICE);
  const database = openDatabase({ ...config.database, logger });
  const redis = openRedis({ ...config.redis, logger });
  const scheduler = startScheduler({
    scans: scanRepository(database),
    outbox: outboxRepository(database),
    workers: workerRepository(database),
    months: monthPartitions(database),
    schedules: scheduleRepository(database),
    audit: { database, anchorFile: config.audit.anchorFile, signer: signerOf(config.encryptionKey) },
    retention: retentionRepository(database),
    artifacts: openArtifactStore(config.artifacts),
    periods: config.retention,
    queues: { connection: redis.connection('failFast'), prefix: redis.prefix },
    attemptsMax: config.queue.attemptsMax,
    lostAfterMs: config.queue.lostAfterMs,
    crash: crashPoint(config.faults.crashAt, logger),
    metrics,
    logger,
  });
  const listener = listenForOutbox({ url: config.database.url, onNudge: () => scheduler.nudge(), logger });

  let isStopping = false;
  const health = await startHealthServer({
    ...config.health,
    metrics,
    logger,
    live: () => liveness(scheduler.loops, Date.now()),
    ready: () => (isStopping ? Promise.resolve(STOPPING) : readiness({ database, redis })),
  });
  logger.info('started', { healthPort: health.port });

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
      { name: 'stop listening', stop: () => listener.close() },
      {
        name: 'stop relaying, reconciling, running schedules and removing what is old',
        stop: () => scheduler.stop(),
      },
      { name: 'close Redis', stop: () => redis.close() },
      { name: 'close the database', stop: () => database.close() },
      { name: 'close the health server', stop: () => health.close() },
    ],
  });
});

/** What everybody can read in our sources signs nothing. */
function signerOf(encryptionKey: string): ReturnType<typeof auditSigner> | null {
  return encryptionKey === DEVELOPMENT_SECRET ? null : auditSigner(auditSigningKeyOf(encryptionKey));
}
