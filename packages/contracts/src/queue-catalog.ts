import { analyseScanQueue } from './analyse-scan.queue.ts';
import { buildReportQueue } from './build-report.queue.ts';
import { scanSiteQueue } from './scan-site.queue.ts';
import { sendAccountMailQueue } from './send-account-mail.queue.ts';
import { sendAccountNoticeQueue } from './send-account-notice.queue.ts';
import { sendNotificationQueue } from './send-notification.queue.ts';

/** Every queue of the platform, for those who must see them all: the outbox relay and Bull Board. */
export const QUEUES = [
  scanSiteQueue,
  analyseScanQueue,
  buildReportQueue,
  sendNotificationQueue,
  sendAccountMailQueue,
  sendAccountNoticeQueue,
] as const;

/** Name of a queue of the platform. */
export type QueueName =
  | 'scan-site'
  | 'analyse-scan'
  | 'build-report'
  | 'send-notification'
  | 'send-account-mail'
  | 'send-account-notice';
