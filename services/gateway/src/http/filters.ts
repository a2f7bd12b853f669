import { safeString } from '@cookie-scanner/contracts';
import { z } from 'zod';

/** Name of a host, in any case. */
export const hostFilter = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[^\s/@]+$/, 'is not a host name')
  .toLowerCase();

/** Text to look for; nothing in it is a pattern unless the route says so. */
export const searchText = safeString(500, { min: 1 });

/** A moment. PostgreSQL's years end later than anybody's, but not after the year 9999 of ISO 8601. */
export const timeFilter = z.iso.datetime({
  offset: true,
  error: 'is not a time such as 2026-11-28T12:00:00Z',
});

/** The parameters that bound a time: at or after the one, before the other. */
export const timeSpanShape = { from: timeFilter.optional(), until: timeFilter.optional() };

/** Refuses a span that ends before it begins. */
export function timeSpan<T extends z.ZodType<{ from?: string | undefined; until?: string | undefined }>>(
  query: T,
): T {
  return query.refine(
    ({ from, until }) => from === undefined || until === undefined || Date.parse(from) < Date.parse(until),
    { error: 'is not after from', path: ['until'] },
  );
}
