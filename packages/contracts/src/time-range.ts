import { z } from 'zod';

const DAY_MS = 86_400_000;
const RANGE_DAYS_MAX = 3_660;

/** A time of day, `HH:MM`, from 00:00 to 23:59. */
export const timeOfDaySchema = z
  .string()
  .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'write a time of day such as 06:30');

/** A part of every day, which may span midnight: 22:00 to 06:00. */
export const quietHoursSchema = z
  .strictObject({ from: timeOfDaySchema, to: timeOfDaySchema })
  .refine(({ from, to }) => from !== to, { error: 'begins and ends at the same time', path: ['to'] });
export type QuietHours = z.infer<typeof quietHoursSchema>;

/** From one time, inclusive, to a later one, exclusive; at most ten years. */
export const timeRangeSchema = z
  .strictObject({ from: z.iso.datetime(), to: z.iso.datetime() })
  .refine(({ from, to }) => isBefore(from, to), { error: 'ends before it begins', path: ['to'] })
  .refine(({ from, to }) => Date.parse(to) - Date.parse(from) <= RANGE_DAYS_MAX * DAY_MS, {
    error: 'covers more than ten years',
    path: ['to'],
  });
export type TimeRange = z.infer<typeof timeRangeSchema>;

/** True when the first time is before the second one; also when one of them is open (null or absent). */
export function isBefore(first: string | null | undefined, second: string | null | undefined): boolean {
  return first == null || second == null || Date.parse(first) < Date.parse(second);
}
