import { z } from 'zod';
import { documented, wholeNumber } from '../setting.ts';

/** How jobs are worked off; scans have their own settings in the Scan section. */
export const queueConfig = z
  .object({
    QUEUE_REPORT_CONCURRENCY: documented(
      wholeNumber(1, 64).default(2),
      'Scans that one report service analyses, and reports that it renders, at the same time.',
    ),
    QUEUE_NOTIFICATION_CONCURRENCY: documented(
      wholeNumber(1, 64).default(4),
      'Notifications that one notifier sends at the same time.',
    ),
    QUEUE_MAX_ATTEMPTS: documented(
      wholeNumber(1, 100).nullable().default(null),
      'How often a job that fails is tried, in place of the number that its queue has of its own (3 to 6).',
      { example: '5' },
    ),
    QUEUE_LOST_AFTER_MS: documented(
      wholeNumber(1_000, 3_600_000).default(60_000),
      'Milliseconds after which a job that shows no effect counts as lost and is handed over again.',
    ),
  })
  .transform((env) => ({
    reportConcurrency: env.QUEUE_REPORT_CONCURRENCY,
    notificationConcurrency: env.QUEUE_NOTIFICATION_CONCURRENCY,
    attemptsMax: env.QUEUE_MAX_ATTEMPTS,
    lostAfterMs: env.QUEUE_LOST_AFTER_MS,
  }));
