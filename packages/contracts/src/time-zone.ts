import { z } from 'zod';

/** IANA names start with a letter; this keeps fixed offsets such as `+02:00` out, which know no summer time. */
const ZONE_NAME = /^[A-Z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+){0,2}$/;

/** A time zone by its IANA name, such as `Europe/Berlin` or `UTC`. */
export const timeZoneSchema = z
  .string()
  .max(64, { error: 'has more than 64 characters', abort: true })
  .refine(isTimeZone, 'is not a time zone such as Europe/Berlin or UTC');
export type TimeZone = z.infer<typeof timeZoneSchema>;

function isTimeZone(name: string): boolean {
  if (!ZONE_NAME.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false; // RangeError is how Intl says that it does not know the zone.
  }
}
