import type { MonthPartitions } from '@cookie-scanner/database';
import type { Logger } from '@cookie-scanner/observability';
import { startPeriodicTask, type PeriodicTask } from './periodic-task.ts';

interface MonthKeeperOptions {
  readonly months: MonthPartitions;
  readonly logger: Logger;
  /** Full months for which the rows of scans are kept, beside the running one; 0 for all. */
  readonly keptMonths: number;
  readonly intervalMs?: number;
}

/** Months made ahead, so that scans find their place also when no scheduler ran for long. */
const MONTHS_AHEAD = 3;

/** Short, because a loop that stands still must show; it costs next to nothing when there is nothing to do. */
const INTERVAL_MS = 60_000;

/**
 * Starts to look after the months that the rows of scans are kept by: the next ones are made ahead, and those that are
 * older than retention allows are dropped with all their rows. The scans themselves stay, with their totals.
 */
export function startMonthKeeper(options: MonthKeeperOptions): PeriodicTask {
  const { months, logger, keptMonths, intervalMs = INTERVAL_MS } = options;
  return startPeriodicTask({
    name: 'make and drop months',
    intervalMs,
    logger,
    run: async () => {
      const created = await months.createAhead(MONTHS_AHEAD);
      if (created.length > 0) logger.info('made room for coming months', { partitions: created });
      if (keptMonths === 0) return;
      const dropped = await months.dropOlderThan(keptMonths);
      if (dropped.length > 0) logger.info('dropped months that retention ended', { partitions: dropped });
    },
  });
}
