import type { AuthKeys } from '@cookie-scanner/auth';
import {
  sendAccountMailQueue,
  sendAccountNoticeQueue,
  sendNotificationQueue,
} from '@cookie-scanner/contracts';
import type {
  AccountMailRepository,
  AccountNoticeRepository,
  NotificationRepository,
  ScanRepository,
  WebhookOutboundRepository,
} from '@cookie-scanner/database';
import type { Logger, Metrics } from '@cookie-scanner/observability';
import { createConsumer, waitOutOutages, type Consumer, type ConsumerTiming } from '@cookie-scanner/queues';
import type { RedisOwner } from '@cookie-scanner/redis';
import { createInTurn } from './in-turn.ts';
import { sendAccountMailProcessor } from './processors/send-account-mail.processor.ts';
import {
  giveUpAccountNotice,
  sendAccountNoticeProcessor,
  type SendAccountNoticeDeps,
} from './processors/send-account-notice.processor.ts';
import {
  giveUpMails,
  sendNotificationProcessor,
  type SendNotificationDeps,
} from './processors/send-notification.processor.ts';

/** What the service's consumers work with. */
export interface NotifierConsumersDeps {
  readonly scans: ScanRepository;
  readonly notifications: NotificationRepository;
  readonly accountMails: AccountMailRepository;
  readonly accountNotices: AccountNoticeRepository;
  readonly webhooks: Pick<WebhookOutboundRepository, 'fanOut'>;
  /** Called when a webhook has something to send. */
  readonly onWebhookDue?: () => void;
  readonly keys: Pick<AuthKeys, 'pepper' | 'mailedToken'>;
  /** Null when no mail server is configured. */
  readonly mail: SendNotificationDeps['mail'];
  /** Where people reach this installation; null when that is not known. */
  readonly publicUrl: string | null;
  readonly redis: RedisOwner;
  /** Jobs of one queue that are worked on at the same time. */
  readonly concurrency: number;
  readonly metrics: Metrics;
  readonly logger: Logger;
  /** For tests; every field has a default. */
  readonly timing?: Partial<ConsumerTiming>;
}

/** Starts everything that this service consumes. */
export function startConsumers(deps: NotifierConsumersDeps): Consumer[] {
  const { scans, notifications, webhooks, accountMails, accountNotices, keys, mail, publicUrl, metrics } =
    deps;
  const { redis, concurrency, logger, timing = {} } = deps;
  const options = {
    ...{ connection: redis.connection('blocking'), prefix: redis.prefix },
    ...{ concurrency, logger, timing },
  };
  const settled = metrics.counter({
    name: 'notifications_settled_total',
    help: 'Messages that were sent or given up',
    labels: ['channel', 'state'],
  });
  const sending: SendNotificationDeps = {
    ...{ scans, notifications, webhooks, mail, publicUrl, inTurn: createInTurn() },
    onWebhookDue: () => deps.onWebhookDue?.(),
    onSettled: (channel, state) => settled.inc({ channel, state }),
  };

  const telling: SendAccountNoticeDeps = {
    ...{ accountNotices, notifications, mailer: mail?.mailer ?? null },
    onSettled: (channel, state) => settled.inc({ channel, state }),
  };

  return [
    createConsumer(sendNotificationQueue, waitOutOutages(sendNotificationProcessor(sending)), {
      ...options,
      onGaveUp: (payload, error) => giveUpMails(sending, payload, reasonOf(error)),
    }),
    createConsumer(
      sendAccountMailQueue,
      waitOutOutages(
        sendAccountMailProcessor({ accountMails, keys, publicUrl, mailer: mail?.mailer ?? null }),
      ),
      options,
    ),
    createConsumer(sendAccountNoticeQueue, waitOutOutages(sendAccountNoticeProcessor(telling)), {
      ...options,
      onGaveUp: (payload, error) => giveUpAccountNotice(telling, payload, reasonOf(error)),
    }),
  ];
}

function reasonOf(error: unknown): string {
  return `given up: ${error instanceof Error ? error.message : String(error)}`;
}
