import { createHash } from 'node:crypto';
import type { QuietHours, ScheduleTiming } from '@cookie-scanner/contracts';
import { endOfQuietHours } from './quiet-hours.ts';
import { timeAfter } from './timing.ts';

/** What decides when a schedule runs. */
export interface PlannedSchedule {
  /** Different schedules begin their runs at different times within their jitter. */
  readonly id: string;
  readonly timing: ScheduleTiming;
  /** IANA name. */
  readonly timeZone: string;
  /** No run before; null for no such limit. */
  readonly startsAt: Date | null;
  /** No run from then on; null for no such limit. */
  readonly endsAt: Date | null;
  readonly jitterMs: number;
  readonly quietHours: QuietHours | null;
}

/** One run of a schedule. */
export interface PlannedRun {
  /** The time that the timing names, or the end of the quiet hours that it falls into. Identifies the run. */
  readonly plannedAt: Date;
  /** When it starts: `plannedAt`, or a little later by chance. */
  readonly beginsAt: Date;
}

/** The first run that is planned after a time; null when none will come. */
export function nextRun(schedule: PlannedSchedule, after: Date): PlannedRun | null {
  const plannedAt = nextPlanned(schedule, after);
  return plannedAt && { plannedAt, beginsAt: beginOf(schedule, plannedAt) };
}

/** The next runs that are planned after a time, at most `count`. */
export function upcomingRuns(schedule: PlannedSchedule, after: Date, count: number): PlannedRun[] {
  const runs: PlannedRun[] = [];
  for (let run = nextRun(schedule, after); run && runs.length < count; run = nextRun(schedule, run.plannedAt))
    runs.push(run);
  return runs;
}

function nextPlanned(schedule: PlannedSchedule, after: Date): Date | null {
  const { timing, timeZone, startsAt, endsAt, quietHours } = schedule;
  const named = timeAfter(timing, { timeZone, startsAt }, after);
  if (named === null) return null;
  const planned = quietHours ? (endOfQuietHours(named, quietHours, timeZone) ?? named) : named;
  return endsAt && planned >= endsAt ? null : planned;
}

function beginOf(schedule: PlannedSchedule, plannedAt: Date): Date {
  const { id, jitterMs, endsAt, quietHours, timeZone } = schedule;
  if (jitterMs === 0) return plannedAt;
  const limit = nextPlanned(schedule, plannedAt) ?? endsAt;
  const roomMs = limit ? limit.getTime() - plannedAt.getTime() - 1 : jitterMs;
  const beginsAt = new Date(
    plannedAt.getTime() + Math.floor(chance(id, plannedAt) * Math.min(jitterMs, roomMs)),
  );
  return quietHours && endOfQuietHours(beginsAt, quietHours, timeZone) ? plannedAt : beginsAt;
}

/** A number from 0 to 1 that looks like chance and is the same for everybody who asks. */
function chance(id: string, plannedAt: Date): number {
  const hash = createHash('sha256').update(`${id} ${plannedAt.getTime()}`).digest();
  return hash.readUInt32BE() / 2 ** 32;
}
