import { poolsOf, scanSiteQueueOf } from '@cookie-scanner/contracts';
import type { CrashPoint, Logger } from '@cookie-scanner/observability';
import { createConsumer, sharedSlots, type Consumer } from '@cookie-scanner/queues';
import type { RedisOwner } from '@cookie-scanner/redis';
import { crashingBeforeAcknowledge, withCrashPoints } from './crash-points.ts';
import { scanSiteProcessor, type ScanSiteDeps } from './processors/scan-site.processor.ts';

interface ConsumerDeps extends ScanSiteDeps {
  readonly redis: RedisOwner;
  /** Scans worked on at the same time. */
  readonly concurrency: number;
  /** Where this process dies on purpose. */
  readonly crash: CrashPoint;
  readonly logger: Logger;
}

/** What takes scans. */
interface ScanConsumers {
  /** One for each queue that this worker serves. */
  readonly consumers: readonly Consumer[];
  /** Works on this many scans at the same time from now on. */
  setConcurrency(concurrency: number): void;
}

/**
 * Starts to take scans: those that ask for no labels, and those that ask for any of this worker's. The queues take turns for
 * its slots.
 */
export function startConsumers({ redis, concurrency, crash, logger, ...deps }: ConsumerDeps): ScanConsumers {
  const scanSite = scanSiteProcessor(withCrashPoints(deps, crash));
  const processor = crashingBeforeAcknowledge(scanSite, crash);
  const pools = poolsOf(deps.labels);
  const slots = sharedSlots(concurrency);
  const consumers = pools.map((labels) =>
    createConsumer(scanSiteQueueOf(labels), processor, {
      connection: redis.connection('blocking'),
      prefix: redis.prefix,
      concurrency,
      // A worker without labels serves one queue, which needs not share.
      ...(pools.length === 1 ? {} : { slots }),
      logger,
      // The lease in the database decides who owns a scan; an outage of Redis does not cost a scan that runs.
      stopOnLostLock: false,
    }),
  );
  return {
    consumers,
    setConcurrency(next) {
      slots.setSize(next);
      for (const consumer of consumers) consumer.setConcurrency(next);
    },
  };
}
