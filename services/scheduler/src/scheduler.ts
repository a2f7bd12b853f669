import type { ArtifactStore } from '@cookie-scanner/artifacts';
import type {
  AuditSigner,
  Database,
  MonthPartitions,
  OutboxRepository,
  RetentionPeriods,
  RetentionRepository,
  ScanRepository,
  ScheduleRepository,
  WorkerRepository,
} from '@cookie-scanner/database';
import type { CrashPoint, Logger, Metrics } from '@cookie-scanner/observability';
import type { QueueLocation } from '@cookie-scanner/queues';
import { startAuditAnchorer } from './audit-anchorer.ts';
import { startAuditRemover } from './audit-remover.ts';
import { startMonthKeeper } from './month-keeper.ts';
import { startOutboxRelay } from './outbox-relay.ts';
import { openQueuePublisher } from './queue-publisher.ts';
import { startReconciler } from './reconciler.ts';
import { startRetentionRunner } from './retention-runner.ts';
import { startScheduleRunner } from './schedule-runner.ts';
import { schedulerMetrics } from './scheduler-metrics.ts';

interface SchedulerDeps {
  readonly scans: ScanRepository;
  readonly outbox: OutboxRepository;
  readonly workers: WorkerRepository;
  readonly months: MonthPartitions;
  readonly schedules: ScheduleRepository;
  /** Whose audit log is signed, by whom (null for nobody), and the file that takes what was signed (null for none). */
  readonly audit: {
    readonly database: Database;
    readonly signer: AuditSigner | null;
    readonly anchorFile: string | null;
  };
  readonly retention: RetentionRepository;
  readonly artifacts: Pick<ArtifactStore, 'delete'>;
  /** How long what is kept by age is kept, and how many full months of what is kept by months. */
  readonly periods: RetentionPeriods & { readonly rowMonths: number };
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
    Record<
      | ('relay' | 'reconciler' | 'pools' | 'cleanup')
      | ('months' | 'schedules' | 'audit' | 'retention' | 'auditRetention'),
      { lastTurnAt(): number }
    >
  >;
  /** Finishes what is in flight and lets go of the queues; the connections stay open. */
  stop(): Promise<void>;
}

/**
 * Starts to relay the outbox, to put right what was lost, to run schedules, to make and drop months, to sign the audit log,
 * and to remove what is old. Returns at once, also while a dependency is away.
 */
export function startScheduler({
  scans,
  outbox,
  workers,
  months,
  schedules,
  audit,
  retention,
  artifacts,
  periods,
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
  const { reoffer, pools, cleanup } = startReconciler({
    scans,
    outbox,
    workers,
    logger,
    timing: lostAfterMs === undefined ? {} : { lostAfterMs },
    onReoffered: (found) => counts.reoffered(found),
  });
  const keeper = startMonthKeeper({ months, logger, keptMonths: periods.rowMonths });
  const remover = startRetentionRunner({
    retention,
    artifacts,
    periods,
    logger,
    onRemoved: (kind, count) => counts.removed(kind, count),
    onOldest: (ages) => counts.oldestKept(ages),
    onFailed: () => counts.removalFailed(),
  });
  const runner = startScheduleRunner({
    schedules,
    logger,
    onRun: (status) => counts.scheduleRun(status),
    onMissed: (count) => counts.scheduleMissed(count),
  });
  const auditRemover = startAuditRemover({
    ...audit,
    auditDays: periods.auditDays,
    logger,
    onRemoved: (count) => counts.removed('audit_logs', count),
  });
  const anchorer = startAuditAnchorer({ ...audit, logger, onBroken: (count) => counts.brokenChains(count) });
  return {
    nudge: () => relay.nudge(),
    loops: {
      ...{ relay, reconciler: reoffer, pools, cleanup, months: keeper, schedules: runner, audit: anchorer },
      ...{ retention: remover, auditRetention: auditRemover },
    },
    stop: async () => {
      const loops = [relay, reoffer, pools, cleanup, keeper, runner, anchorer, remover, auditRemover];
      await Promise.all(loops.map((loop) => loop.stop()));
      await publisher.close();
    },
  };
}
