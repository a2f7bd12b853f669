import { keysOfEncryptionKey } from '@cookie-scanner/auth';
import {
  databaseConfig,
  encryptionKeyConfig,
  gatewayConfig,
  healthConfig,
  loggingConfig,
  notificationConfig,
  openConfig,
  queueConfig,
  redisConfig,
  scanTargetConfig,
} from '@cookie-scanner/config';
import {
  accountMailRepository,
  accountNoticeRepository,
  notificationRepository,
  openDatabase,
  scanRepository,
  webhookOutboundRepository,
} from '@cookie-scanner/database';
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
import { createPostWebhook } from './webhooks/post-webhook.ts';
import { startWebhookSender } from './webhooks/webhook-sender.ts';
import { liveness, readiness } from './service-health.ts';

const SERVICE = 'notifier';
const HEALTH_PORT = 8005;

/** Time that running jobs have before they are aborted and handed back. */
const JOB_GRACE_MS = 10_000;
const STOP_DEADLINE_MS = 25_000;

/** Receivers that are called at the same time. */
const WEBHOOK_CONCURRENCY = 20;
/** What is due is looked for this often; what just happened is sent at once. */
const WEBHOOK_POLL_MS = 1_000;
const WEBHOOK_LEASE_SPARE_SECONDS = 30;

const SECTIONS = {
  database: databaseConfig,
  redis: redisConfig,
  queue: queueConfig,
  notification: notificationConfig,
  gateway: gatewayConfig,
  encryptionKey: encryptionKeyConfig,
  target: scanTargetConfig,
  health: healthConfig(HEALTH_PORT),
  logging: loggingConfig,
};

const STOPPING = { ok: false, checks: { stopping: { ok: false, detail: 'this process is being stopped' } } };

runService(SERVICE, async () => {
  const { config, warnings, watch } = openConfig(SECTIONS, process.env);
  const logger = createLogger({ service: SERVICE, ...config.logging });
  for (const warning of warnings) logger.warn(warning);
  const metrics = createMetrics(SERVICE);
  const database = openDatabase({ ...config.database, logger });
  const redis = openRedis({ ...config.redis, logger });
  const mail = mailChannel(config.notification);
  const keys = keysOfEncryptionKey(config.encryptionKey);
  const webhooks = webhookOutboundRepository(database);
  const calls = metrics.counter({
    name: 'webhook_calls_total',
    help: 'Calls of webhooks, by how they ended',
    labels: ['outcome'],
  });
  const { webhookTimeoutMs, webhookAttemptsMax, webhookAllowsHttp } = config.notification;
  const webhookSender = startWebhookSender({
    ...{ webhooks, keys, logger },
    post: createPostWebhook({
      allowPrivateNetworks: config.target.allowPrivateNetworks,
      allowHttp: webhookAllowsHttp,
      timeoutMs: webhookTimeoutMs,
    }),
    attemptsMax: webhookAttemptsMax,
    concurrency: WEBHOOK_CONCURRENCY,
    leaseSeconds: 2 * Math.ceil(webhookTimeoutMs / 1_000) + WEBHOOK_LEASE_SPARE_SECONDS,
    pollMs: WEBHOOK_POLL_MS,
    onSettled: (outcome) => calls.inc({ outcome }),
  });
  const consumers = startConsumers({
    scans: scanRepository(database),
    notifications: notificationRepository(database),
    accountMails: accountMailRepository(database),
    accountNotices: accountNoticeRepository(database),
    ...{ keys, webhooks },
    onWebhookDue: () => webhookSender.wake(),
    mail,
    publicUrl: config.gateway.publicUrl,
    redis,
    concurrency: config.queue.notificationConcurrency,
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
        name: 'stop taking jobs and calling webhooks',
        stop: async () =>
          void (await Promise.all([...consumers, webhookSender].map((one) => one.close(JOB_GRACE_MS)))),
      },
      { name: 'close Redis', stop: () => redis.close() },
      { name: 'close the database', stop: () => database.close() },
      { name: 'close the health server', stop: () => health.close() },
    ],
  });
});

/** Null when no mail server is configured, or mails are not wanted. */
function mailChannel({
  smtpUrl,
  from,
  to,
  channels,
}: ReturnType<typeof notificationConfig.parse>): SendNotificationDeps['mail'] {
  if (smtpUrl === null || from === null || !channels.includes('email')) return null;
  return { mailer: createMailer({ url: smtpUrl, from }), recipients: to };
}
