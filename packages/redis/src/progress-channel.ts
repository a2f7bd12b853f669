import { scanProgressSchema, type ScanProgress } from '@cookie-scanner/contracts';
import { atMostEvery } from './at-most-every.ts';
import { keyName } from './key-spaces.ts';
import type { RedisOwner } from './open-redis.ts';
import { progressSubscriptions } from './progress-subscriptions.ts';

const LOG_INTERVAL_MS = 60_000;

/** Carries signs of life of running scans to whoever watches. Hints for people: the database is the truth. */
export interface ProgressChannel {
  /**
   * Tells watchers how far a scan is and keeps it as the latest. Never rejects: a Redis that is away is logged,
   * once a minute at most, and the hint is lost.
   */
  publish(progress: ScanProgress): Promise<void>;
  /** The last sign of life of a scan within the past hour; null when there is none or Redis is away. Never rejects. */
  latest(scanId: string): Promise<ScanProgress | null>;
  /**
   * Calls `onProgress` with the latest sign of life and then with each new one, also across an outage of Redis.
   *
   * @returns ends the subscription; safe to call twice
   */
  subscribe(scanId: string, onProgress: (progress: ScanProgress) => void): () => void;
}

/** One command for what is sent with every sign. Key: the latest. Arguments: the sign, seconds to keep it, its channel. */
const KEEP_AND_TELL = `
  redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
  return redis.call('PUBLISH', ARGV[3], ARGV[1])
`;

/** Opens the progress channel. One per process: all its subscriptions share one connection. */
export function progressChannel(redis: RedisOwner): ProgressChannel {
  const warn = atMostEvery(LOG_INTERVAL_MS, (error: unknown) => {
    redis.logger.warn('progress of scans does not reach its watchers: Redis refuses', { error });
  });
  const channelOf = (scanId: string): string => `${redis.prefix}:progress:${scanId}`;

  async function latest(scanId: string): Promise<ScanProgress | null> {
    try {
      return parseProgress(
        await redis.connection('failFast').get(keyName(redis.prefix, 'active_scan', scanId)),
      );
    } catch (error) {
      warn(error);
      return null;
    }
  }

  const subscriptions = progressSubscriptions({ redis, latest, parse: parseProgress });

  return {
    latest,
    subscribe: (scanId, onProgress) => subscriptions.add(channelOf(scanId), scanId, onProgress),
    async publish(progress) {
      const text = JSON.stringify(progress);
      try {
        const key = keyName(redis.prefix, 'active_scan', progress.scanId);
        const lifetimeSeconds = redis.lifetimeSeconds('active_scan');
        await redis
          .connection('failFast')
          .eval(KEEP_AND_TELL, 1, key, text, lifetimeSeconds, channelOf(progress.scanId));
      } catch (error) {
        // A hint is not worth a scan: the reason is logged and the scan goes on.
        warn(error);
      }
    },
  };
}

/** What another version of the platform wrote in a way we cannot read counts as not written. */
function parseProgress(text: string | null): ScanProgress | null {
  if (text === null) return null;
  try {
    return scanProgressSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    // Not JSON, so not ours.
    return null;
  }
}
