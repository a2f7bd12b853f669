import type { QuietHours } from '@cookie-scanner/contracts';
import { timeOfDayAfter } from './timing.ts';

/** When the quiet hours end that a time lies in; null when it lies in none. Their last minute is the one before `to`. */
export function endOfQuietHours(at: Date, { from, to }: QuietHours, timeZone: string): Date | null {
  const time = timeOfDayOf(at, timeZone);
  const isQuiet = from < to ? from <= time && time < to : from <= time || time < to;
  return isQuiet ? timeOfDayAfter(to, timeZone, at) : null;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** `HH:MM` on the clocks of a time zone. */
function timeOfDayOf(at: Date, timeZone: string): string {
  let clock = clocks.get(timeZone);
  if (!clock) {
    clock = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    clocks.set(timeZone, clock);
  }
  return clock.format(at);
}
