import { z } from 'zod';
import { cronSchema, SCHEDULE_INTERVAL_MIN_MS } from './cron.ts';
import { idSchema, rowTimes } from './id.ts';
import { changesSomething, labelSchema, nameSchema, uniqueArray } from './text.ts';
import { isBefore, quietHoursSchema, timeOfDaySchema } from './time-range.ts';
import { timeZoneSchema } from './time-zone.ts';

/** How often a schedule runs. `cron` takes an expression of five fields. */
export const scheduleFrequencySchema = z.enum(['once', 'interval', 'daily', 'weekly', 'monthly', 'cron']);
export type ScheduleFrequency = z.infer<typeof scheduleFrequencySchema>;

/** Where a schedule stands. `finished` means that no further run will come. */
export const scheduleStateSchema = z.enum(['active', 'paused', 'finished']);
export type ScheduleState = z.infer<typeof scheduleStateSchema>;

/** What becomes of runs whose time passed while no scheduler was working: one run for all of them, or none. */
export const misfirePolicySchema = z.enum(['run_once', 'skip']);
export type MisfirePolicy = z.infer<typeof misfirePolicySchema>;

/** What happens when a run is due while the one before still works: it is left out, or both run. */
export const overlapPolicySchema = z.enum(['skip', 'allow']);
export type OverlapPolicy = z.infer<typeof overlapPolicySchema>;

/** How one planned run stands or ended. `partial` means that some of its scans failed. */
export const scheduleExecutionStatusSchema = z.enum([
  'planned',
  'running',
  'success',
  'partial',
  'failed',
  'skipped',
]);
export type ScheduleExecutionStatus = z.infer<typeof scheduleExecutionStatusSchema>;

const INTERVAL_MAX_MS = 366 * 86_400_000;
const JITTER_MAX_MS = 6 * 3_600_000;
const DOMAINS_MAX = 1_000;

/** When a schedule runs, by its frequency. Times of day and dates are those of the schedule's time zone. */
export const scheduleTimingSchema = timingWith(cronSchema);
export type ScheduleTiming = z.infer<typeof scheduleTimingSchema>;

function timingWith(expression: z.ZodString) {
  return z.discriminatedUnion('frequency', [
    z.strictObject({ frequency: z.literal('once'), at: z.iso.datetime() }),
    z.strictObject({
      frequency: z.literal('interval'),
      /** Time between two runs, counted from the start of the schedule, or else from the run before. */
      everyMs: z.number().int().min(SCHEDULE_INTERVAL_MIN_MS).max(INTERVAL_MAX_MS),
    }),
    z.strictObject({ frequency: z.literal('daily'), timeOfDay: timeOfDaySchema }),
    z.strictObject({
      frequency: z.literal('weekly'),
      timeOfDay: timeOfDaySchema,
      /** 1 Monday to 7 Sunday, as ISO 8601 counts. */
      weekdays: uniqueArray(z.number().int().min(1).max(7)).min(1),
    }),
    z.strictObject({
      frequency: z.literal('monthly'),
      timeOfDay: timeOfDaySchema,
      /** In a month without that day, the last one. */
      dayOfMonth: z.number().int().min(1).max(31),
    }),
    z.strictObject({ frequency: z.literal('cron'), expression }),
  ]);
}

/** Which sites a schedule scans: named ones, or every active one that carries all of the labels. */
export const scheduleTargetSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('domains'), domainIds: uniqueArray(idSchema).min(1).max(DOMAINS_MAX) }),
  z.strictObject({ kind: z.literal('labels'), labels: uniqueArray(labelSchema).min(1).max(10) }),
]);
export type ScheduleTarget = z.infer<typeof scheduleTargetSchema>;

/** What people decide about a schedule, without defaults, so that a change can name some of it. */
const decided = {
  name: nameSchema,
  timing: scheduleTimingSchema,
  timeZone: timeZoneSchema,
  /** No run before; null for no such limit. */
  startsAt: z.iso.datetime().nullable(),
  /** No run from then on; null for no such limit. */
  endsAt: z.iso.datetime().nullable(),
  /** Each run begins up to this much later, by chance, so that not everything begins at the full hour. */
  jitterMs: z.number().int().min(0).max(JITTER_MAX_MS),
  /** Runs that are due in these hours wait until they end; null for none. */
  quietHours: quietHoursSchema.nullable(),
  misfirePolicy: misfirePolicySchema,
  overlapPolicy: overlapPolicySchema,
  profileId: idSchema,
  target: scheduleTargetSchema,
};

/** Scans that come again by themselves. */
export const scheduleSchema = z.object({
  id: idSchema,
  workspaceId: idSchema,
  ...decided,
  // A stored schedule was judged when it was made: judging a cron expression again takes 30 ms, and a later rule must
  // not make an older schedule unreadable.
  name: z.string(),
  timing: timingWith(z.string()),
  timeZone: z.string(),
  state: scheduleStateSchema,
  /** When the next run begins, jitter included; null while nothing is planned. */
  nextRunAt: z.iso.datetime().nullable(),
  /** The time that the next run is planned for, which identifies it; null while nothing is planned. */
  nextPlannedAt: z.iso.datetime().nullable(),
  ...rowTimes,
});
export type Schedule = z.infer<typeof scheduleSchema>;

const ENDS_FIRST = { error: 'is not after the start', path: ['endsAt'] };

/** What is needed to make a schedule. */
export const scheduleCreateSchema = z
  .strictObject({
    ...decided,
    timeZone: decided.timeZone.default('UTC'),
    startsAt: decided.startsAt.default(null),
    endsAt: decided.endsAt.default(null),
    jitterMs: decided.jitterMs.default(0),
    quietHours: decided.quietHours.default(null),
    misfirePolicy: decided.misfirePolicy.default('run_once'),
    overlapPolicy: decided.overlapPolicy.default('skip'),
  })
  .refine(({ startsAt, endsAt }) => isBefore(startsAt, endsAt), ENDS_FIRST);
export type ScheduleCreate = z.infer<typeof scheduleCreateSchema>;

/** A change of a schedule. Start and end are checked against each other again once both are known. */
export const scheduleUpdateSchema = z
  .strictObject({ ...decided, state: scheduleStateSchema.exclude(['finished']) })
  .partial()
  .refine(({ startsAt, endsAt }) => isBefore(startsAt, endsAt), ENDS_FIRST)
  .refine(changesSomething, 'changes nothing');
export type ScheduleUpdate = z.infer<typeof scheduleUpdateSchema>;

/** A page of schedules. `nextCursor` is null on the last one. */
export const schedulePageSchema = z.object({
  items: z.array(scheduleSchema),
  nextCursor: z.string().nullable(),
});

/** One run of a schedule that is to come. */
export const plannedRunSchema = z.object({
  /** The time that the timing names, or the end of the quiet hours that it falls into. */
  plannedAt: z.iso.datetime(),
  /** When it begins: the same, or later by the schedule's jitter. */
  beginsAt: z.iso.datetime(),
});

/** The next runs of a schedule, fewer than ten when it ends before. */
export const schedulePreviewSchema = z.object({ items: z.array(plannedRunSchema).max(10) });
export type SchedulePreview = z.infer<typeof schedulePreviewSchema>;

/** When a schedule would run, for a preview of one that is not there yet. */
export const schedulePreviewBodySchema = z
  .strictObject({
    timing: decided.timing,
    timeZone: decided.timeZone.default('UTC'),
    startsAt: decided.startsAt.default(null),
    endsAt: decided.endsAt.default(null),
    quietHours: decided.quietHours.default(null),
  })
  .refine(({ startsAt, endsAt }) => isBefore(startsAt, endsAt), ENDS_FIRST);

/** One planned run of a schedule. There is one for each planned time, whatever became of it. */
export const scheduleExecutionSchema = z.object({
  id: idSchema,
  scheduleId: idSchema,
  plannedAt: z.iso.datetime(),
  startedAt: z.iso.datetime().nullable(),
  finishedAt: z.iso.datetime().nullable(),
  status: scheduleExecutionStatusSchema,
  /**
   * Why it is not a success, or null: `misfire` and `overlap` by the schedule's policies, `no_active_domains`,
   * `profile_retired`, `scans_failed`.
   */
  statusReason: z.string().nullable(),
  scansPlanned: z.number().int().min(0),
  scansFailed: z.number().int().min(0),
  ...rowTimes,
});
export type ScheduleExecution = z.infer<typeof scheduleExecutionSchema>;

/** A page of runs. `nextCursor` is null on the last one. */
export const scheduleExecutionPageSchema = z.object({
  items: z.array(scheduleExecutionSchema),
  nextCursor: z.string().nullable(),
});
