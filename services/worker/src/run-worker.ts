import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { openArtifactStore } from '@cookie-scanner/artifacts';
import { keysOfEncryptionKey, openAccess } from '@cookie-scanner/auth';
import { openConfig, type LoadedConfig } from '@cookie-scanner/config';
import { openDatabase, scanRepository, workerRepository } from '@cookie-scanner/database';
import {
  crashPoint,
  createLogger,
  createMetrics,
  startHealthServer,
  superviseShutdown,
  type Logger,
} from '@cookie-scanner/observability';
import type { Consumer } from '@cookie-scanner/queues';
import { openRedis, progressChannel } from '@cookie-scanner/redis';
import { chooseConcurrency, startScanEngine, type ScanEngine } from '@cookie-scanner/scan-engine';
import { announceWorker } from './announce-worker.ts';
import { startConsumers } from './consumers.ts';
import { holdEngine } from './engine-holder.ts';
import { openFilesProblem } from './worker-problem.ts';
import { startSweeper } from './sweep-attempts.ts';
import { workerHealth } from './worker-health.ts';
import { workerMetrics } from './worker-metrics.ts';
import { workerVersion } from './worker-version.ts';
import { workerConfig } from './worker.config.ts';

/** A scan that ends within this time after SIGTERM is stored; a longer one is handed back. */
const SHUTDOWN_GRACE_MS = 10_000;
/** Below the 30 s after which an orchestrator kills. */
const SHUTDOWN_DEADLINE_MS = 25_000;
/** On top of a scan's own limit: starting the browser, and ending it. */
const HARD_LIMIT_GRACE_MS = 30_000;

/**
 * Runs a worker until the process is told to stop.
 *
 * @param environment - where the settings come from
 * @param startEngine - an engine in place of the one that drives a browser
 */
export async function runWorker(
  environment: NodeJS.ProcessEnv,
  startEngine?: () => Promise<ScanEngine>,
): Promise<void> {
  const {
    config: { scan, worker, ...config },
    warnings,
    watch,
  } = openConfig(workerConfig, environment);
  const logger = createLogger({ service: 'worker', level: config.logging.level });
  for (const warning of warnings) logger.warn(warning);
  const metrics = createMetrics('worker');
  const counters = workerMetrics(metrics);

  const artifacts = openArtifactStore(config.artifacts);
  const engine = await holdEngine({
    start: startEngine ?? (() => startBrowserEngine(scan, logger)),
    logger,
    onBroken: () => counters.engineBroke(),
  });
  const database = openDatabase({ ...config.database, logger });
  const redis = openRedis({ ...config.redis, ...config.cache, logger });
  const progress = progressChannel(redis);
  const keys = keysOfEncryptionKey(config.encryptionKey);
  const scans = scanRepository(database);
  const sweeper = startSweeper({ scans, artifacts, logger });

  const consumers: Consumer[] = [];
  let concurrency = concurrencyOf(scan);
  const workerId = `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`;
  const health = workerHealth({ database, redis, artifacts, engine, consumers });
  const healthServer = await startHealthServer({ ...config.health, ...health, metrics, logger });
  const taking = startConsumers({
    ...scan,
    labels: worker.labels,
    concurrency,
    scans,
    artifacts,
    scanSite: (url, options) => engine.scan(url, options),
    openAccess: (scanId, sealed) => openAccess(keys, scanId, sealed),
    problem: () => engine.problem() ?? openFilesProblem(),
    publish: (sign) => progress.publish(sign),
    metrics: counters,
    workerId,
    hardLimitGraceMs: HARD_LIMIT_GRACE_MS,
    redis,
    crash: crashPoint(config.faults.crashAt, logger),
    logger,
  });
  consumers.push(...taking.consumers);
  const self = { name: workerId, labels: worker.labels, version: workerVersion() };
  const announced = announceWorker({
    workers: workerRepository(database),
    sign: () => ({ ...self, slots: concurrency, running: counters.running() }),
    logger,
  });
  logger.info('taking scans', { concurrency, labels: worker.labels, healthPort: healthServer.port });

  watch({
    logger,
    apply: {
      logging: ({ level }) => logger.setLevel(level),
      cache: ({ lifetimesSeconds }) => redis.setLifetimes(lifetimesSeconds),
      scan(changed) {
        concurrency = concurrencyOf(changed);
        taking.setConcurrency(concurrency);
      },
    },
  });
  superviseShutdown({
    logger,
    deadlineMs: SHUTDOWN_DEADLINE_MS,
    steps: [
      {
        name: 'report not ready',
        stop: () => {
          health.beginStop();
          return announced.withdraw();
        },
      },
      {
        name: 'finish or hand back scans',
        stop: async () => void (await Promise.all(consumers.map((one) => one.close(SHUTDOWN_GRACE_MS)))),
      },
      { name: 'stop sweeping', stop: () => sweeper.stop() },
      { name: 'end the browser', stop: () => engine.close() },
      { name: 'close Redis', stop: () => redis.close() },
      { name: 'close the database', stop: () => database.close() },
      { name: 'close the health server', stop: () => healthServer.close() },
    ],
  });
}

function startBrowserEngine(
  scan: LoadedConfig<typeof workerConfig>['scan'],
  logger: Logger,
): Promise<ScanEngine> {
  const { browserExecutable, browserIdentity } = scan;
  return startScanEngine({ ...scan, executablePath: browserExecutable, identity: browserIdentity, logger });
}

function concurrencyOf({ concurrency }: { concurrency: number | 'auto' }): number {
  return concurrency === 'auto' ? chooseConcurrency() : concurrency;
}
