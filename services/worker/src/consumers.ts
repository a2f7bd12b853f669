import { scanSiteQueue } from '@cookie-scanner/contracts';
import type { CrashPoint, Logger } from '@cookie-scanner/observability';
import { createConsumer, type Consumer } from '@cookie-scanner/queues';
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

/** Starts to take scans. */
export function startConsumers({ redis, concurrency, crash, logger, ...deps }: ConsumerDeps): Consumer[] {
  const scanSite = scanSiteProcessor(withCrashPoints(deps, crash));
  return [
    createConsumer(scanSiteQueue, crashingBeforeAcknowledge(scanSite, crash), {
      connection: redis.connection('blocking'),
      prefix: redis.prefix,
      concurrency,
      logger,
      // The lease in the database decides who owns a scan; an outage of Redis does not cost a scan that runs.
      stopOnLostLock: false,
    }),
  ];
}
