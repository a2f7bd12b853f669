import { z } from 'zod';
import { documented, wholeNumber } from '../setting.ts';

const DAY_SECONDS = 86_400;

/** A lifetime of keys. A year at most: Redis forgets them by itself, and what must last is in PostgreSQL. */
function lifetime(defaultSeconds: number, what: string) {
  return documented(
    wholeNumber(1, 366 * DAY_SECONDS).default(defaultSeconds),
    `Seconds that Redis keeps ${what}.`,
    { isLive: true },
  );
}

/** How long each family of keys in Redis lives, by the prefix of its keys. */
export const cacheConfig = z
  .object({
    CACHE_RATE_LIMIT_SECONDS: lifetime(60, 'the counters of rate limits'),
    CACHE_SCAN_RESULT_SECONDS: lifetime(300, 'a scan result that was read'),
    CACHE_ANALYTICS_METRICS_SECONDS: lifetime(3_600, 'computed compliance metrics'),
    CACHE_ANALYTICS_TRENDS_SECONDS: lifetime(3_600, 'computed trends'),
    CACHE_USER_PREFERENCES_SECONDS: lifetime(1_800, 'the preferences of a user'),
    CACHE_ACTIVE_SCAN_SECONDS: lifetime(3_600, 'the last sign of life of a scan'),
    CACHE_LOCK_SECONDS: lifetime(60, 'a lock whose holder does not renew it'),
    CACHE_SESSION_SECONDS: lifetime(DAY_SECONDS, 'a session that is not used'),
    CACHE_PRESENCE_SECONDS: lifetime(30, 'the last sign of life of somebody in a workspace'),
    CACHE_ANNOTATION_GENE_SECONDS: lifetime(7 * DAY_SECONDS, 'what was fetched about a gene'),
    CACHE_ANNOTATION_PATHWAY_SECONDS: lifetime(7 * DAY_SECONDS, 'what was fetched about a pathway'),
    CACHE_LITERATURE_PAPER_SECONDS: lifetime(30 * DAY_SECONDS, 'what was fetched about a paper'),
  })
  .transform((env) => ({
    lifetimesSeconds: {
      rate_limit: env.CACHE_RATE_LIMIT_SECONDS,
      scan_result: env.CACHE_SCAN_RESULT_SECONDS,
      'analytics:metrics': env.CACHE_ANALYTICS_METRICS_SECONDS,
      'analytics:trends': env.CACHE_ANALYTICS_TRENDS_SECONDS,
      'user:preferences': env.CACHE_USER_PREFERENCES_SECONDS,
      active_scan: env.CACHE_ACTIVE_SCAN_SECONDS,
      lock: env.CACHE_LOCK_SECONDS,
      session: env.CACHE_SESSION_SECONDS,
      presence: env.CACHE_PRESENCE_SECONDS,
      'annotation:gene': env.CACHE_ANNOTATION_GENE_SECONDS,
      'annotation:pathway': env.CACHE_ANNOTATION_PATHWAY_SECONDS,
      'literature:paper': env.CACHE_LITERATURE_PAPER_SECONDS,
    },
  }));
