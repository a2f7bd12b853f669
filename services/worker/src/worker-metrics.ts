import type { Outcome } from '@cookie-scanner/contracts';
import type { Metrics } from '@cookie-scanner/observability';

/** What this worker counts. */
export interface WorkerMetrics {
  /** An attempt that ended a scan with a stored result; `seconds` is the engine's time. */
  scanFinished(outcome: Outcome, seconds: number): void;
  /** An attempt that failed by a fault of ours; `reason` is a code of the error table, or `UNFORESEEN`. */
  attemptFailed(reason: string): void;
  attemptStarted(): void;
  attemptEnded(): void;
  /** Scans under way. */
  running(): number;
  /** A result that came too late: another attempt owned the scan. */
  writeFenced(): void;
  leaseLost(): void;
  /** A job for a scan that is over already, or that another worker has. */
  deliveredTwice(): void;
  engineBroke(): void;
  /** A scan that waits because its site is visited by others. */
  deferredForSite(): void;
}

/** Upper bounds in seconds: from a page that answers at once to the longest scan allowed. */
const DURATION_BUCKETS = [0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600];

/** Declares the metrics of a worker. */
export function workerMetrics(metrics: Metrics): WorkerMetrics {
  const finished = metrics.counter({
    name: 'scans_finished_total',
    help: 'Scans whose result this worker stored, by outcome.',
    labels: ['outcome'],
  });
  const duration = metrics.histogram({
    name: 'scan_duration_seconds',
    help: 'Time the engine worked on a scan, by outcome.',
    labels: ['outcome'],
    buckets: DURATION_BUCKETS,
  });
  const failed = metrics.counter({
    name: 'scan_attempts_failed_total',
    help: 'Attempts at a scan that failed by a fault of the platform, by error code.',
    labels: ['reason'],
  });
  const running = metrics.gauge({ name: 'scans_running', help: 'Scans this worker is at work on.' });
  const fenced = metrics.counter({
    name: 'scan_writes_fenced_total',
    help: 'Results that were refused because another attempt owned the scan.',
  });
  const lost = metrics.counter({
    name: 'scan_leases_lost_total',
    help: 'Scans that were broken off because their lease could not be renewed.',
  });
  const twice = metrics.counter({
    name: 'scan_duplicate_deliveries_total',
    help: 'Jobs for scans that were over already or that another worker had.',
  });
  const deferred = metrics.counter({
    name: 'scan_deferrals_total',
    help: 'Times a scan was put off because its site was visited by others.',
  });
  const broke = metrics.counter({
    name: 'scan_engine_failures_total',
    help: 'Times the scan engine broke and was replaced.',
  });

  let runningCount = 0;
  return {
    scanFinished(outcome, seconds) {
      finished.inc({ outcome });
      duration.observe({ outcome }, seconds);
    },
    attemptFailed: (reason) => failed.inc({ reason }),
    attemptStarted: () => running.set((runningCount += 1)),
    attemptEnded: () => running.set((runningCount -= 1)),
    running: () => runningCount,
    writeFenced: () => fenced.inc(),
    leaseLost: () => lost.inc(),
    deliveredTwice: () => twice.inc(),
    engineBroke: () => broke.inc(),
    deferredForSite: () => deferred.inc(),
  };
}
