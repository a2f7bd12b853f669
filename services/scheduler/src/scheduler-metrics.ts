import type { OldestKept, OutboxRepository, ReofferedScans, ScanRepository } from '@cookie-scanner/database';
import type { Metrics } from '@cookie-scanner/observability';

/** What the scheduler counts while it works. */
export interface SchedulerMetrics {
  relayed(count: number): void;
  relayFailed(): void;
  reoffered(found: ReofferedScans & { followUps: number }): void;
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

/** Where it is read what waits. */
interface WaitingWork {
  readonly outbox: Pick<OutboxRepository, 'oldestUnsentAgeMs'>;
  readonly scans: Pick<ScanRepository, 'oldestQueuedAgeMs' | 'poolless'>;
}

/** Registers the scheduler's metrics. The ages are read at each scrape, and are NaN while the database is away. */
export function schedulerMetrics(metrics: Metrics, deps: WaitingWork): SchedulerMetrics {
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
    help: 'Jobs of scans that were offered again because they showed no effect: not_taken, lease_expired or follow_up',
    labels: ['reason'],
  });
  const leasesExpired = metrics.counter({
    name: 'scan_leases_expired_total',
    help: 'Scans whose worker fell silent, by what became of them: offered again or given_up',
    labels: ['became'],
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
  watchWaiting(metrics, deps);
  return {
    relayed: (count) => relayed.inc(count),
    relayFailed: () => failed.inc(),
    reoffered({ offered, leasesExpired: expired, givenUp, followUps }) {
      reoffered.inc({ reason: 'not_taken' }, offered - expired);
      reoffered.inc({ reason: 'lease_expired' }, expired);
      reoffered.inc({ reason: 'follow_up' }, followUps);
      leasesExpired.inc({ became: 'offered' }, expired);
      leasesExpired.inc({ became: 'given_up' }, givenUp);
    },
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

/** What waits, and for how long. */
function watchWaiting(metrics: Metrics, { outbox, scans }: WaitingWork): void {
  metrics.gauge({
    name: 'outbox_oldest_unsent_seconds',
    help: 'Age of the oldest event that waits in the outbox; 0 when none does',
    collect: async (gauge) => gauge.set(await seconds(outbox.oldestUnsentAgeMs())),
  });
  metrics.gauge({
    name: 'scan_oldest_without_worker_seconds',
    help: 'Time for which the first scan has waited for a worker with labels that none has; 0 when none does',
    collect: async (gauge) => gauge.set(await seconds(scans.poolless().then(({ ageMs }) => ageMs))),
  });
  metrics.gauge({
    name: 'scans_without_worker',
    help: 'Scans that wait for a worker with labels that none has',
    collect: async (gauge) =>
      gauge.set(
        await scans.poolless().then(
          ({ count }) => count,
          () => Number.NaN,
        ),
      ),
  });
  metrics.gauge({
    name: 'scan_oldest_queued_seconds',
    help: 'Time since the oldest scan that a worker may take was submitted; 0 when none waits',
    collect: async (gauge) => gauge.set(await seconds(scans.oldestQueuedAgeMs())),
  });
}

async function seconds(ageMs: Promise<number | null>): Promise<number> {
  return ageMs.then(
    (age) => (age ?? 0) / 1_000,
    // One metric that cannot be read must not take the others with it.
    () => Number.NaN,
  );
}
