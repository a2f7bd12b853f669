import type { ScheduleRepository } from '@cookie-scanner/database';
import type { Logger } from '@cookie-scanner/observability';
import { decideRuns, plannedSchedule } from '@cookie-scanner/planning';
import { startPeriodicTask, type PeriodicTask } from './periodic-task.ts';

interface ScheduleRunnerOptions {
  readonly schedules: Pick<ScheduleRepository, 'listDue' | 'runDue' | 'finishRuns'>;
  readonly logger: Logger;
  /** Told for each run how it was begun: `running`, or why not. */
  readonly onRun?: (status: string) => void;
  /** Told how many missed runs were left out. */
  readonly onMissed?: (count: number) => void;
  readonly intervalMs?: number;
}

/** How late a run may begin beside its jitter. */
const INTERVAL_MS = 1_000;

/** Schedules looked at in one go. */
const BATCH_SIZE = 100;

/** Starts to begin the runs of schedules whose time has come, and to record how they ended. */
export function startScheduleRunner(options: ScheduleRunnerOptions): PeriodicTask {
  const { schedules, logger, intervalMs = INTERVAL_MS } = options;
  return startPeriodicTask({
    name: 'run schedules',
    intervalMs,
    logger,
    run: async () => {
      for (const id of await schedules.listDue(BATCH_SIZE)) {
        try {
          await runOne(id, options);
        } catch (error) {
          // One schedule that cannot be run must not hold back the others; it is due again in a moment.
          logger.error('a schedule could not be run', { scheduleId: id, error });
        }
      }
      await schedules.finishRuns();
    },
  });
}

async function runOne(
  id: string,
  { schedules, logger, onRun, onMissed }: ScheduleRunnerOptions,
): Promise<void> {
  const turn = await schedules.runDue(id, (schedule, now) => {
    const plan = plannedSchedule(schedule);
    // A due schedule has both times, or PostgreSQL would not have given it out.
    const due = {
      plannedAt: new Date(schedule.nextPlannedAt ?? now),
      beginsAt: new Date(schedule.nextRunAt ?? now),
    };
    return decideRuns({ ...plan, misfirePolicy: schedule.misfirePolicy }, due, now);
  });
  if (!turn) return;
  const { run, missedCount } = turn;
  if (missedCount > 0) onMissed?.(missedCount);
  if (run) onRun?.(run.status);
  logger.info('a schedule was due', {
    scheduleId: id,
    missed: missedCount,
    ...(run ? { run: run.status, reason: run.reason, scans: run.scanCount } : { run: 'none' }),
  });
}
