import type {
  MonthPartitions,
  OutboxRepository,
  ScanRepository,
  ScheduleRepository,
} from '@cookie-scanner/database';
import type { CrashPoint, Logger, Metrics } from '@cookie-scanner/observability';
import type { QueueLocation } from '@cookie-scanner/queues';
import { startMonthKeeper } from './month-keeper.ts';
import { startOutboxRelay } from './outbox-relay.ts';
import { openQueuePublisher } from './queue-publisher.ts';
import { startReconciler } from './reconciler.ts';
import { startScheduleRunner } from './schedule-runner.ts';
import { schedulerMetrics } from './scheduler-metrics.ts';

interface SchedulerDeps {
  readonly scans: ScanRepository;
  readonly outbox: OutboxRepository;
  readonly months: MonthPartitions;
  readonly schedules: ScheduleRepository;
  readonly queues: QueueLocation;
  /** How often a job is tried; null for what its queue says. */
  readonly attemptsMax?: number | null;
  /** When a job that shows no effect counts as lost; 60 s unless told. */
  readonly lostAfterMs?: number;
  /** Where this process dies on purpose; nowhere without it. */
  readonly crash?: CrashPoint;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/** Everything the scheduler does by itself, at work. Several may run side by side. */
export interface Scheduler {
  /** Says that there is something in the outbox. */
  nudge(): void;
  /** What must keep going round, by name. */
  readonly loops: Readonly<
    Record<'relay' | 'reconciler' | 'cleanup' | 'months' | 'schedules', { lastTurnAt(): number }>
  >;
  /** Finishes what is in flight and lets go of the queues; the connections stay open. */
  stop(): Promise<void>;
}

/**
 * Starts to relay the outbox, to put right what was lost, to run schedules, and to make and drop months. Returns at once,
 * also while a dependency is away.
 */
export function startScheduler({
  scans,
  outbox,
  months,
  schedules,
  queues,
  attemptsMax = null,
  lostAfterMs,
  crash = () => undefined,
  metrics,
  logger,
}: SchedulerDeps): Scheduler {
  const counts = schedulerMetrics(metrics, { scans, outbox });
  const publisher = openQueuePublisher(queues, attemptsMax);
  const relay = startOutboxRelay({
    outbox,
    publish: async (events) => {
      crash('relay');
      await publisher.publish(events);
      crash('publish');
    },
    logger,
    onRelayed: (count) => counts.relayed(count),
    onFailed: () => counts.relayFailed(),
  });
  const { reoffer, cleanup } = startReconciler({
    scans,
    outbox,
    logger,
    timing: lostAfterMs === undefined ? {} : { lostAfterMs },
    onReoffered: (count) => counts.reoffered(count),
  });
  const keeper = startMonthKeeper({ months, logger });
  const runner = startScheduleRunner({
    schedules,
    logger,
    onRun: (status) => counts.scheduleRun(status),
    onMissed: (count) => counts.scheduleMissed(count),
  });
  return {
    nudge: () => relay.nudge(),
    loops: { relay, reconciler: reoffer, cleanup, months: keeper, schedules: runner },
    stop: async () => {
      await Promise.all([relay.stop(), reoffer.stop(), cleanup.stop(), keeper.stop(), runner.stop()]);
      await publisher.close();
    },
  };
}
