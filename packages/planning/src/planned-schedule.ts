import type { Schedule } from '@cookie-scanner/contracts';
import type { PlannedSchedule } from './next-run.ts';

type Described = Pick<
  Schedule,
  'id' | 'timing' | 'timeZone' | 'startsAt' | 'endsAt' | 'jitterMs' | 'quietHours'
>;

/** What decides when a schedule runs, taken from the schedule as it is stored and shown. */
export function plannedSchedule({ startsAt, endsAt, ...schedule }: Described): PlannedSchedule {
  const { id, timing, timeZone, jitterMs, quietHours } = schedule;
  return {
    id,
    timing,
    timeZone,
    jitterMs,
    quietHours,
    startsAt: startsAt === null ? null : new Date(startsAt),
    endsAt: endsAt === null ? null : new Date(endsAt),
  };
}
