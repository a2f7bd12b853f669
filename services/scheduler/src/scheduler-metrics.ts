import type { OldestKept, OutboxRepository, ScanRepository } from '@cookie-scanner/database';
import type { Metrics } from '@cookie-scanner/observability';

/** What the scheduler counts while it works. */
export interface SchedulerMetrics {
  relayed(count: number): void;
  relayFailed(): void;
  reoffered(count: number): void;
  /** A run of a schedule, by how it was begun. */
  scheduleRun(status: string): void;
  scheduleMissed(count: number): void;
  /** Chains of the audit log that are not what was signed. */
  brokenChains(count: number): void;
  /** Rows of a kind that went because they were old. */
  removed(kind: string, count: number): void;
  removalFailed(): void;
  /** Seconds since the oldest of each kind that is kept; null where there is none. */
  oldestKept(ages: OldestKept): void;
}

/** Registers the scheduler's metrics. The ages are read at each scrape, and are NaN while the database is away. */
export function schedulerMetrics(
  metrics: Metrics,
  deps: {
    readonly outbox: Pick<OutboxRepository, 'oldestUnsentAgeMs'>;
    readonly scans: Pick<ScanRepository, 'oldestQueuedAgeMs'>;
  },
): SchedulerMetrics {
  const relayed = metrics.counter({
    name: 'outbox_events_relayed_total',
    help: 'Events handed from the outbox to their queues',
  });
  const failed = metrics.counter({
    name: 'outbox_relay_failures_total',
    help: 'Batches of the outbox that could not be handed over',
  });
  const reoffered = metrics.counter({
    name: 'scans_reoffered_total',
    help: 'Scans for which a job was offered again because it showed no effect',
  });
  const runs = metrics.counter({
    name: 'schedule_runs_total',
    help: 'Runs of schedules by how they were begun: running, skipped or failed',
    labels: ['status'],
  });
  const missed = metrics.counter({
    name: 'schedule_runs_missed_total',
    help: 'Runs of schedules that were left out because their time passed while no scheduler worked',
  });
  const broken = metrics.gauge({
    name: 'audit_chains_broken',
    help: 'Chains of the audit log that were not whole when they were to be signed',
  });
  const removed = metrics.counter({
    name: 'retention_removed_total',
    help: 'What went because it was older than it is kept, by kind',
    labels: ['kind'],
  });
  const removalsFailed = metrics.counter({
    name: 'retention_failures_total',
    help: 'Kinds of old rows or files that could not be removed at a turn',
  });
  const oldest = metrics.gauge({
    name: 'retention_oldest_kept_seconds',
    help: 'Age of the oldest that is kept, by kind; 0 when there is none',
    labels: ['kind'],
  });
  metrics.gauge({
    name: 'outbox_oldest_unsent_seconds',
    help: 'Age of the oldest event that waits in the outbox; 0 when none does',
    collect: async (gauge) => gauge.set(await seconds(deps.outbox.oldestUnsentAgeMs())),
  });
  metrics.gauge({
    name: 'scan_oldest_queued_seconds',
    help: 'Time since the oldest scan that waits for a worker was submitted; 0 when none does',
    collect: async (gauge) => gauge.set(await seconds(deps.scans.oldestQueuedAgeMs())),
  });
  return {
    relayed: (count) => relayed.inc(count),
    relayFailed: () => failed.inc(),
    reoffered: (count) => reoffered.inc(count),
    scheduleRun: (status) => runs.inc({ status }),
    scheduleMissed: (count) => missed.inc(count),
    brokenChains: (count) => broken.set(count),
    removed: (kind, count) => removed.inc({ kind }, count),
    removalFailed: () => removalsFailed.inc(),
    oldestKept: (ages) => {
      const kinds = Object.entries(ages) as [keyof OldestKept, number | null][];
      for (const [kind, age] of kinds) oldest.set({ kind }, age ?? 0);
    },
  };
}

async function seconds(ageMs: Promise<number | null>): Promise<number> {
  return ageMs.then(
    (age) => (age ?? 0) / 1_000,
    // One metric that cannot be read must not take the others with it.
    () => Number.NaN,
  );
}
