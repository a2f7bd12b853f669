import type { MisfirePolicy } from '@cookie-scanner/contracts';
import { nextRun, type PlannedRun, type PlannedSchedule } from './next-run.ts';

/** What to do about a schedule that has a run due. */
export interface RunDecision {
  /** The run to begin now; null when all that were due are left out. */
  readonly run: PlannedRun | null;
  /** Runs that were missed and do not take place, oldest first. */
  readonly missed: readonly PlannedRun[];
  /** The first run that is not due yet; null when no further one will come. */
  readonly next: PlannedRun | null;
}

/** A run that begins later than this after its time was missed. */
const LATE_MAX_MS = 60_000;

/** Missed runs that are recorded one by one. Of a longer silence, those behind are left out without a record. */
const MISSED_MAX = 200;

/**
 * Decides about a run that is due and all that have become due since.
 *
 * @param due - the run that the schedule waited for
 * @param now - not before `due.beginsAt`
 */
export function decideRuns(
  schedule: PlannedSchedule & { readonly misfirePolicy: MisfirePolicy },
  due: PlannedRun,
  now: Date,
): RunDecision {
  const runs = [due];
  let next = nextRun(schedule, due.plannedAt);
  while (next && next.beginsAt <= now && runs.length <= MISSED_MAX) {
    runs.push(next);
    next = nextRun(schedule, next.plannedAt);
  }
  if (next && next.beginsAt <= now) next = nextRun(schedule, now);

  const newest = runs.at(-1) ?? due;
  const isLate = now.getTime() - newest.beginsAt.getTime() > LATE_MAX_MS;
  if (isLate && schedule.misfirePolicy === 'skip') return { run: null, missed: runs, next };
  return { run: newest, missed: runs.slice(0, -1), next };
}
