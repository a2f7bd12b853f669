import { isBefore, type Schedule, type ScheduleUpdate } from '@cookie-scanner/contracts';
import type { ScheduleChange, ScheduleRun } from '@cookie-scanner/database';
import { AppError } from '@cookie-scanner/errors';
import { nextRun, plannedSchedule, upcomingRuns, type PlannedSchedule } from '@cookie-scanner/planning';

/** Runs that a preview shows. */
const PREVIEW_COUNT = 10;

/**
 * The first run of a schedule from now on.
 *
 * @throws AppError INPUT_INVALID when none will come
 */
export function firstRun(schedule: Parameters<typeof plannedSchedule>[0], now: Date): ScheduleRun {
  const run = nextRun(plannedSchedule(schedule), now);
  if (run) return run;
  const errors = [{ pointer: '#/timing', detail: 'names no time between now and the end of the schedule' }];
  throw new AppError('INPUT_INVALID', 'The schedule would never run.', { errors });
}

/**
 * What becomes of a schedule when people change it. Its next run stays unless something that decides about it changes.
 *
 * @throws AppError INPUT_INVALID when it would never run, or would end before it starts
 */
export function changedSchedule(current: Schedule, decided: ScheduleUpdate, now: Date): ScheduleChange {
  const schedule: Schedule = { ...current, ...withoutUndefined(decided) };
  if (!isBefore(schedule.startsAt, schedule.endsAt)) {
    const errors = [{ pointer: '#/endsAt', detail: 'is not after the start' }];
    throw new AppError('INPUT_INVALID', 'The schedule would end before it starts.', { errors });
  }
  const base = { decided, action: 'schedule.update' } as const;
  if (schedule.state === 'paused') return { ...base, next: null };
  const kept = storedNext(current);
  const isRetimed = (['timing', 'timeZone', 'startsAt', 'endsAt', 'jitterMs', 'quietHours'] as const).some(
    (name) => decided[name] !== undefined,
  );
  if (kept && !isRetimed) return { ...base, next: kept };
  // A schedule that has ended and is given a time to come goes on.
  const isOver = schedule.state === 'finished' && !isRetimed;
  if (isOver) return { ...base, next: null };
  return { ...base, decided: { ...decided, state: 'active' }, next: firstRun(schedule, now) };
}

/** What becomes of a schedule that is paused: nothing is planned until it is resumed. */
export function pausedSchedule(current: Schedule): ScheduleChange {
  if (current.state === 'finished')
    throw new AppError('CONFLICT', 'This schedule has ended; there is nothing to pause.');
  return { decided: { state: 'paused' }, next: null, action: 'schedule.pause' };
}

/**
 * What becomes of a schedule that goes on. What its time passed meanwhile is not made up for.
 *
 * @throws AppError INPUT_INVALID when it would never run
 */
export function resumedSchedule(current: Schedule, now: Date): ScheduleChange {
  const next = (current.state === 'active' && storedNext(current)) || firstRun(current, now);
  return { decided: { state: 'active' }, next, action: 'schedule.resume' };
}

/** The next runs of a schedule as stored; those that it would have if it is not active. */
export function previewOf(schedule: Schedule, now: Date): { plannedAt: string; beginsAt: string }[] {
  const plan = plannedSchedule(schedule);
  const first = storedNext(schedule);
  if (!first) return shown(upcomingRuns(plan, now, PREVIEW_COUNT));
  return shown([first, ...upcomingRuns(plan, first.plannedAt, PREVIEW_COUNT - 1)]);
}

/** The next runs of a schedule that is not there yet. */
export function draftPreview(
  draft: Pick<Schedule, 'timing' | 'timeZone' | 'startsAt' | 'endsAt' | 'quietHours'>,
  now: Date,
): { plannedAt: string; beginsAt: string }[] {
  const plan: PlannedSchedule = plannedSchedule({ ...draft, id: '', jitterMs: 0 });
  return shown(upcomingRuns(plan, now, PREVIEW_COUNT));
}

function storedNext({ nextPlannedAt, nextRunAt }: Schedule): ScheduleRun | null {
  if (nextPlannedAt === null || nextRunAt === null) return null;
  return { plannedAt: new Date(nextPlannedAt), beginsAt: new Date(nextRunAt) };
}

function shown(runs: readonly ScheduleRun[]): { plannedAt: string; beginsAt: string }[] {
  return runs.map(({ plannedAt, beginsAt }) => ({
    plannedAt: plannedAt.toISOString(),
    beginsAt: beginsAt.toISOString(),
  }));
}

function withoutUndefined(decided: ScheduleUpdate): Partial<Schedule> {
  return Object.fromEntries(Object.entries(decided).filter(([, value]) => value !== undefined));
}
