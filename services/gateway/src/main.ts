import { openArtifactStore } from '@cookie-scanner/artifacts';
import {
  apiConfig,
  authConfig,
  artifactsConfig,
  cacheConfig,
  databaseConfig,
  loggingConfig,
  metricsConfig,
  notificationConfig,
  openConfig,
  redisConfig,
  retentionConfig,
  scanTargetConfig,
} from '@cookie-scanner/config';
import { liveAdmissionSchema, QUEUES } from '@cookie-scanner/contracts';
import { openDatabase } from '@cookie-scanner/database';
import { createLogger, createMetrics, runService, superviseShutdown } from '@cookie-scanner/observability';
import { openQueueForBoard } from '@cookie-scanner/queues';
import { openRedis, presence, progressChannel, tickets } from '@cookie-scanner/redis';
import { openAccounts } from './accounts.ts';
import { createApp } from './app.ts';
import { LIVE_TIMING, livePlaceSchema } from './live/live-server.ts';
import { requireOwnSecrets } from './require-own-secrets.ts';
import { gatewayReadiness } from './readiness.ts';
import { startServer } from './server.ts';

const SECTIONS = {
  api: apiConfig,
  auth: authConfig,
  database: databaseConfig,
  redis: redisConfig,
  cache: cacheConfig,
  artifacts: artifactsConfig,
  logging: loggingConfig,
  metrics: metricsConfig,
  notification: notificationConfig,
  retention: retentionConfig,
  target: scanTargetConfig,
};

const EVENTS = { pollMs: 1_000, heartbeatMs: 15_000 };
/** Together below the 5 s within which a request is told that PostgreSQL is away. */
const DATABASE_SILENCE = { suspectAfterMs: 1_500, answerTimeoutMs: 2_500 };
const SHUTDOWN_DEADLINE_MS = 20_000;
const REQUEST_GRACE_MS = 10_000;

runService('gateway', async () => {
  const { config, warnings, watch } = openConfig(SECTIONS, process.env);
  const logger = createLogger({ service: 'gateway', level: config.logging.level });
  for (const warning of warnings) logger.warn(warning);
  if (config.target.allowPrivateNetworks) {
    logger.warn('SCAN_ALLOW_PRIVATE_NETWORKS is on: private and local addresses are accepted for scans');
  }

  requireOwnSecrets(config.auth);

  const metrics = createMetrics('gateway');
  const artifacts = openArtifactStore(config.artifacts);
  const database = openDatabase({ ...config.database, silence: DATABASE_SILENCE, logger });
  const redis = openRedis({ ...config.redis, ...config.cache, logger });
  const location = { connection: redis.connection('failFast'), prefix: config.redis.prefix };
  const queues = QUEUES.map((contract) => openQueueForBoard(contract, location));

  let lifetimes = config.auth;
  const accounts = openAccounts({
    database,
    redis,
    secrets: config.auth,
    lifetimes: () => lifetimes,
    rateLimitPerMinute: config.api.rateLimitPerMinute,
  });
  let { liveLimits } = config.api;
  const { app, live, endStreams, setStreamsMax } = createApp({
    ...accounts,
    artifacts,
    progress: progressChannel(redis),
    presence: {
      rooms: presence(redis, livePlaceSchema),
      tickets: tickets(redis, liveAdmissionSchema),
      limits: () => liveLimits,
      timing: LIVE_TIMING,
    },
    queues,
    pingRedis: () => redis.ping(),
    live: () => ({ ok: true, checks: {} }),
    ready: () => gatewayReadiness({ database, artifacts, redis }),
    metrics,
    hasMetrics: config.metrics.hasMetrics,
    logger,
    publicUrl: config.api.publicUrl,
    sendsMails: sendsMails(config),
    corsOrigins: config.api.corsOrigins,
    isBoardWritable: config.api.isBoardWritable,
    trustedProxyHops: config.api.trustedProxyHops,
    retention: config.retention,
    allowPrivateNetworks: config.target.allowPrivateNetworks,
    allowHttpWebhooks: config.notification.webhookAllowsHttp,
    events: { ...EVENTS, streamsMax: config.api.streamsMax },
  });
  const server = await startServer(app, { ...config.api, upgrades: live });
  logger.info('gateway is listening', { host: config.api.host, port: server.port });

  watch({
    logger,
    apply: {
      logging: ({ level }) => logger.setLevel(level),
      cache: ({ lifetimesSeconds }) => redis.setLifetimes(lifetimesSeconds),
      api: ({ streamsMax, rateLimitPerMinute, ...changed }) => {
        ({ liveLimits } = changed);
        setStreamsMax(streamsMax);
        accounts.limits.setPerMinute(rateLimitPerMinute);
      },
      auth: (changed) => (lifetimes = changed),
    },
  });
  superviseShutdown({
    logger,
    deadlineMs: SHUTDOWN_DEADLINE_MS,
    steps: [
      {
        name: 'HTTP server',
        stop: async () => {
          const closed = server.close(REQUEST_GRACE_MS);
          endStreams();
          await Promise.all([closed, live.close()]);
        },
      },
      {
        name: 'queues',
        stop: async () => {
          await Promise.all(queues.map((queue) => queue.close()));
        },
      },
      { name: 'Redis', stop: () => redis.close() },
      { name: 'database', stop: () => database.close() },
    ],
  });
});

/** The notifier asks the same of the same settings. */
function sendsMails({
  notification,
  api,
}: {
  notification: { smtpUrl: string | null; channels: readonly string[] };
  api: { publicUrl: string | null };
}): boolean {
  return notification.smtpUrl !== null && notification.channels.includes('email') && api.publicUrl !== null;
}
