import { Cron } from 'croner';
import { z } from 'zod';

const EXPRESSION_LENGTH_MAX = 120;
/** Least time between two runs of a schedule; a site scanned more often is a burden to its owner. */
export const SCHEDULE_INTERVAL_MIN_MS = 5 * 60_000;
/** Enough to cover a whole day of the densest expression allowed, and years of a sparse one. */
const RUNS_LOOKED_AT = 300;
/** Beginning of a leap cycle, so that every date that ever comes lies ahead. */
const REFERENCE = new Date('2024-01-01T00:00:00Z');

/** Numbers, names of months and weekdays, `*`, `,`, `-`, `/`, `L` (last) and `#` (nth weekday of the month). */
const FIELD = /^[0-9A-Za-z*,/#-]+$/;

/**
 * A cron expression of five fields: minute, hour, day of month, month, day of week. When both day fields are
 * restricted, one of them suffices, as in Vixie cron. Seconds, `@daily` and the like, `?` and `W` are refused, so is
 * an expression that names no date that ever comes, or runs closer together than `SCHEDULE_INTERVAL_MIN_MS`.
 *
 * The expression comes out with single spaces between its fields.
 */
export const cronSchema = z
  .string()
  .max(EXPRESSION_LENGTH_MAX, { error: `has more than ${EXPRESSION_LENGTH_MAX} characters`, abort: true })
  .trim()
  .superRefine((expression, context) => {
    const problem = cronProblem(expression);
    if (problem !== null) context.addIssue({ code: 'custom', message: problem, continue: false });
  })
  .overwrite((expression) => expression.split(/\s+/).join(' '));

function cronProblem(expression: string): string | null {
  const fields = expression.split(/[ \t]+/);
  if (fields.length !== 5 || !fields.every((field) => FIELD.test(field))) {
    return 'write five fields such as 30 6 * * 1: minute, hour, day of month, month, day of week';
  }
  if (fields.some((field) => /\dW|W\d/i.test(field))) return 'the sign W is not supported';
  const runs = upcomingRuns(expression);
  if (runs === null) return 'is not a cron expression: a field has a value out of its range';
  if (runs.length === 0) return 'names a date that never comes';
  const isTooDense = runs.some((run, index) => {
    const previous = runs[index - 1];
    return previous !== undefined && run.getTime() - previous.getTime() < SCHEDULE_INTERVAL_MIN_MS;
  });
  return isTooDense ? `runs more often than every ${SCHEDULE_INTERVAL_MIN_MS / 60_000} minutes` : null;
}

/** The runs after the reference, in UTC; null when the expression cannot be read. */
function upcomingRuns(expression: string): Date[] | null {
  try {
    return new Cron(expression, { mode: '5-part', timezone: 'UTC' }).nextRuns(RUNS_LOOKED_AT, REFERENCE);
  } catch {
    return null; // croner throws TypeErrors for whatever it cannot read.
  }
}
