import type { OutboxRepository, ScanRepository } from '@cookie-scanner/database';
import type { Logger } from '@cookie-scanner/observability';
import { startPeriodicTask, type PeriodicTask } from './periodic-task.ts';

interface ReconcilerOptions {
  readonly scans: Pick<ScanRepository, 'reofferStale' | 'reofferFollowUps'>;
  readonly outbox: Pick<OutboxRepository, 'deleteSentOlderThan'>;
  readonly logger: Logger;
  /** Told for how many scans a job was offered again. */
  readonly onReoffered?: (count: number) => void;
  readonly timing?: Partial<typeof DEFAULT_TIMING>;
}

const DEFAULT_TIMING = {
  reofferIntervalMs: 5_000,
  /** A job that shows no effect for this long counts as lost for the first time. */
  lostAfterMs: 60_000,
  cleanupIntervalMs: 60_000,
  /** Sent events are kept this long, for whoever asks where a job came from. */
  sentOlderThanMs: 24 * 3_600_000,
};

/** Scans offered again in one go. */
const REOFFER_BATCH_SIZE = 500;

const CLEANUP_BATCHES_MAX = 20;

/**
 * Starts to put right what was lost between PostgreSQL, which is the truth, and Redis, which may forget: scans whose
 * job vanished or whose worker fell silent are offered again, and so is what should follow the end of a scan. It also
 * clears the outbox of what was sent long ago.
 */
export function startReconciler(options: ReconcilerOptions): Record<'reoffer' | 'cleanup', PeriodicTask> {
  const { scans, outbox, logger, onReoffered } = options;
  const timing = { ...DEFAULT_TIMING, ...options.timing };
  return {
    reoffer: startPeriodicTask({
      name: 're-offer lost scans',
      intervalMs: timing.reofferIntervalMs,
      logger,
      run: async () => {
        const { lostAfterMs } = timing;
        const lost = await scans.reofferStale({ queuedOlderThanMs: lostAfterMs, limit: REOFFER_BATCH_SIZE });
        const unfinished = await scans.reofferFollowUps({
          olderThanMs: lostAfterMs,
          limit: REOFFER_BATCH_SIZE,
        });
        if (lost + unfinished === 0) return;
        logger.info('offered work again that shows no effect', { scans: lost, followUps: unfinished });
        onReoffered?.(lost + unfinished);
      },
    }),
    cleanup: startPeriodicTask({
      name: 'clear the outbox',
      intervalMs: timing.cleanupIntervalMs,
      logger,
      run: async () => {
        // In batches, so that no statement holds its locks for long; what is left over goes next time.
        for (let batch = 0; batch < CLEANUP_BATCHES_MAX; batch += 1) {
          if ((await outbox.deleteSentOlderThan(timing.sentOlderThanMs)) === 0) return;
        }
      },
    }),
  };
}
