import {
  databaseConfig,
  gatewayConfig,
  healthConfig,
  loadConfig,
  loggingConfig,
  mailConfig,
  redisConfig,
} from '@cookie-scanner/config';
import { notificationRepository, openDatabase, scanRepository } from '@cookie-scanner/database';
import {
  createLogger,
  createMetrics,
  runService,
  startHealthServer,
  superviseShutdown,
} from '@cookie-scanner/observability';
import { openRedis } from '@cookie-scanner/redis';
import { startConsumers } from './consumers.ts';
import { createMailer } from './mail/mailer.ts';
import type { SendNotificationDeps } from './processors/send-notification.processor.ts';
import { liveness, readiness } from './service-health.ts';

const SERVICE = 'notifier';
const HEALTH_PORT = 8005;

/** Time that running jobs have before they are aborted and handed back. */
const JOB_GRACE_MS = 10_000;
const STOP_DEADLINE_MS = 25_000;

const SECTIONS = {
  database: databaseConfig,
  redis: redisConfig,
  mail: mailConfig,
  gateway: gatewayConfig,
  health: healthConfig(HEALTH_PORT),
  logging: loggingConfig,
};

const STOPPING = { ok: false, checks: { stopping: { ok: false, detail: 'this process is being stopped' } } };

runService(SERVICE, async () => {
  const config = loadConfig(SECTIONS, process.env);
  const logger = createLogger({ service: SERVICE, ...config.logging });
  const metrics = createMetrics(SERVICE);
  const database = openDatabase({ ...config.database, logger });
  const redis = openRedis({ ...config.redis, logger });
  const mail = mailChannel(config.mail);
  const consumers = startConsumers({
    scans: scanRepository(database),
    notifications: notificationRepository(database),
    mail,
    publicUrl: config.gateway.publicUrl,
    redis,
    metrics,
    logger,
  });

  let isStopping = false;
  const health = await startHealthServer({
    ...config.health,
    metrics,
    logger,
    live: () => liveness(consumers, Date.now()),
    ready: () => (isStopping ? Promise.resolve(STOPPING) : readiness({ database, redis })),
  });
  logger.info('started', { healthPort: health.port, mail: mail ? 'on' : 'off' });

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

/** Null when no mail server is configured. */
function mailChannel({
  smtpUrl,
  from,
  to,
}: ReturnType<typeof mailConfig.parse>): SendNotificationDeps['mail'] {
  if (smtpUrl === null || from === null) return null;
  return { mailer: createMailer({ url: smtpUrl, from }), recipients: to };
}
