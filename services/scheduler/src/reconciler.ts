import type {
  OutboxRepository,
  ReofferedScans,
  ScanRepository,
  WorkerRepository,
} from '@cookie-scanner/database';
import type { Logger } from '@cookie-scanner/observability';
import { startPeriodicTask, type PeriodicTask } from './periodic-task.ts';

interface ReconcilerOptions {
  readonly scans: Pick<ScanRepository, 'reofferStale' | 'reofferFollowUps' | 'checkPools'>;
  readonly outbox: Pick<OutboxRepository, 'deleteSentOlderThan'>;
  readonly workers: Pick<WorkerRepository, 'forgetSilent'>;
  readonly logger: Logger;
  /** Told what was found lost: scans, and what should follow the end of one. */
  readonly onReoffered?: (found: ReofferedScans & { followUps: number }) => void;
  readonly timing?: Partial<typeof DEFAULT_TIMING>;
}

const DEFAULT_TIMING = {
  reofferIntervalMs: 5_000,
  poolsIntervalMs: 2_000,
  /** A job that shows no effect for this long counts as lost for the first time. */
  lostAfterMs: 60_000,
  cleanupIntervalMs: 60_000,
  /** Sent events are kept this long, for whoever asks where a job came from. */
  sentOlderThanMs: 24 * 3_600_000,
};

/** Scans offered again in one go. */
const REOFFER_BATCH_SIZE = 500;

const POOL_BATCH_SIZE = 1_000;

const CLEANUP_BATCHES_MAX = 20;

/**
 * Starts to put right what was lost between PostgreSQL, which is the truth, and Redis, which may forget: scans whose
 * job vanished or whose worker fell silent are offered again, and so is what should follow the end of a scan. It notes which
 * scans ask for a worker that is not there, and offers them when it comes. It also clears the outbox of what was sent long
 * ago.
 */
export function startReconciler(
  options: ReconcilerOptions,
): Record<'reoffer' | 'pools' | 'cleanup', PeriodicTask> {
  const { scans, outbox, workers, logger, onReoffered } = options;
  const timing = { ...DEFAULT_TIMING, ...options.timing };
  return {
    reoffer: startPeriodicTask({
      name: 're-offer lost scans',
      intervalMs: timing.reofferIntervalMs,
      logger,
      run: async () => {
        const { lostAfterMs } = timing;
        const lost = await scans.reofferStale({ queuedOlderThanMs: lostAfterMs, limit: REOFFER_BATCH_SIZE });
        const followUps = await scans.reofferFollowUps({
          olderThanMs: lostAfterMs,
          limit: REOFFER_BATCH_SIZE,
        });
        if (lost.offered + lost.givenUp + followUps === 0) return;
        logger.info('offered work again that shows no effect', { ...lost, followUps });
        onReoffered?.({ ...lost, followUps });
      },
    }),
    pools: startPeriodicTask({
      name: 'look which scans wait for a worker that is not there',
      intervalMs: timing.poolsIntervalMs,
      logger,
      run: async () => {
        const { missing, found } = await scans.checkPools(POOL_BATCH_SIZE);
        if (missing > 0) logger.warn('scans ask for a worker that is not there', { scans: missing });
        if (found > 0)
          logger.info('scans go on, because the worker that they ask for is there', { scans: found });
      },
    }),
    cleanup: startPeriodicTask({
      name: 'clear the outbox',
      intervalMs: timing.cleanupIntervalMs,
      logger,
      run: async () => {
        await workers.forgetSilent();
        // In batches, so that no statement holds its locks for long; what is left over goes next time.
        for (let batch = 0; batch < CLEANUP_BATCHES_MAX; batch += 1) {
          if ((await outbox.deleteSentOlderThan(timing.sentOlderThanMs)) === 0) return;
        }
      },
    }),
  };
}
