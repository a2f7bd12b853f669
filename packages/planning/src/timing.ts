import type { ScheduleTiming } from '@cookie-scanner/contracts';
import { Cron } from 'croner';

interface TimingContext {
  readonly timeZone: string;
  readonly startsAt: Date | null;
}

/** The first time that a timing names after a time, and not before the start; null when there is none. */
export function timeAfter(
  timing: ScheduleTiming,
  { timeZone, startsAt }: TimingContext,
  after: Date,
): Date | null {
  // Runs begin at full seconds at the earliest, so that the start itself is a time that may be named.
  const from = startsAt && startsAt > after ? new Date(startsAt.getTime() - 1) : after;
  if (timing.frequency === 'once') {
    const at = new Date(timing.at);
    return at > from ? at : null;
  }
  if (timing.frequency === 'interval') return afterInterval(timing.everyMs, startsAt, after);
  return earliest(expressionsOf(timing).map((expression) => cronAfter(expression, timeZone, from)));
}

/** The next time that the clocks of a zone show a time of day. */
export function timeOfDayAfter(timeOfDay: string, timeZone: string, after: Date): Date | null {
  return cronAfter(`${minuteAndHour(timeOfDay)} * * *`, timeZone, after);
}

function afterInterval(everyMs: number, startsAt: Date | null, after: Date): Date {
  if (!startsAt) return new Date(after.getTime() + everyMs);
  const passed = Math.floor((after.getTime() - startsAt.getTime()) / everyMs);
  return new Date(startsAt.getTime() + Math.max(0, passed + 1) * everyMs);
}

/** Cron expressions that together name the same times. */
function expressionsOf(
  timing: Exclude<ScheduleTiming, { frequency: 'once' } | { frequency: 'interval' }>,
): string[] {
  switch (timing.frequency) {
    case 'cron':
      return [timing.expression];
    case 'daily':
      return [`${minuteAndHour(timing.timeOfDay)} * * *`];
    case 'weekly':
      return [`${minuteAndHour(timing.timeOfDay)} * * ${timing.weekdays.join(',')}`];
    case 'monthly':
      return daysOfMonth(timing.dayOfMonth).map((days) => `${minuteAndHour(timing.timeOfDay)} ${days} *`);
  }
}

/** Day and months; what a month does not have is its last day. */
function daysOfMonth(day: number): string[] {
  if (day === 31) return ['L *'];
  if (day <= 28) return [`${day} *`];
  return [`${day} 1,3-12`, 'L 2'];
}

function minuteAndHour(timeOfDay: string): string {
  const [hour, minute] = timeOfDay.split(':');
  return `${Number(minute)} ${Number(hour)}`;
}

const crons = new Map<string, Cron>();
/** Reading an expression takes longer than asking it. */
const CRONS_KEPT_MAX = 1_000;

function cronAfter(expression: string, timeZone: string, after: Date): Date | null {
  const key = `${expression} ${timeZone}`;
  let cron = crons.get(key);
  if (!cron) {
    if (crons.size >= CRONS_KEPT_MAX) crons.clear();
    cron = new Cron(expression, { mode: '5-part', timezone: timeZone });
    crons.set(key, cron);
  }
  return cron.nextRun(after);
}

function earliest(times: readonly (Date | null)[]): Date | null {
  return times.reduce(
    (first, time) => (first && time ? (time < first ? time : first) : (first ?? time)),
    null,
  );
}
