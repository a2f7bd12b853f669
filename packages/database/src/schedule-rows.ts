import {
  scheduleExecutionSchema,
  scheduleSchema,
  type Schedule,
  type ScheduleExecution,
  type ScheduleUpdate,
} from '@cookie-scanner/contracts';
import type { Prisma } from './generated/client.ts';
import { fromPostgresText } from './postgres-text.ts';

/** One run of a schedule: the time that identifies it, and when it begins. */
export interface ScheduleRun {
  plannedAt: Date;
  beginsAt: Date;
}

export type ScheduleRow = Prisma.ScheduleGetPayload<object>;
type ExecutionRow = Prisma.ScheduleExecutionGetPayload<object>;

/** A schedule as the API shows it. */
export function scheduleFromRow(row: ScheduleRow): Schedule {
  return scheduleSchema.parse({
    ...row,
    name: fromPostgresText(row.name),
    target:
      row.labels.length > 0
        ? { kind: 'labels', labels: row.labels }
        : { kind: 'domains', domainIds: row.domainIds },
    quietHours: row.quietFrom === null ? null : { from: row.quietFrom, to: row.quietTo },
    startsAt: row.startsAt?.toISOString() ?? null,
    endsAt: row.endsAt?.toISOString() ?? null,
    nextRunAt: row.nextRunAt?.toISOString() ?? null,
    nextPlannedAt: row.nextPlannedAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  });
}

/** Columns of what people decide about a schedule; what is not decided here stays as it is. */
export function decidedColumns({
  timing,
  target,
  quietHours,
  startsAt,
  endsAt,
  state,
  ...rest
}: ScheduleUpdate): Prisma.ScheduleUncheckedUpdateInput {
  const named = Object.entries(rest).filter(([, value]) => value !== undefined);
  return {
    ...(Object.fromEntries(named) as Omit<Prisma.ScheduleUncheckedUpdateInput, 'timing'>),
    ...(state === undefined ? {} : { state }),
    ...(timing === undefined ? {} : { timing, frequency: timing.frequency }),
    ...(target === undefined
      ? {}
      : {
          domainIds: target.kind === 'domains' ? target.domainIds : [],
          labels: target.kind === 'labels' ? target.labels : [],
        }),
    ...(quietHours === undefined
      ? {}
      : { quietFrom: quietHours?.from ?? null, quietTo: quietHours?.to ?? null }),
    ...(startsAt === undefined ? {} : { startsAt: startsAt === null ? null : new Date(startsAt) }),
    ...(endsAt === undefined ? {} : { endsAt: endsAt === null ? null : new Date(endsAt) }),
  };
}

/** Columns of the next run; null for none. */
export function nextRunColumns(next: ScheduleRun | null): {
  nextRunAt: Date | null;
  nextPlannedAt: Date | null;
} {
  return { nextRunAt: next?.beginsAt ?? null, nextPlannedAt: next?.plannedAt ?? null };
}

/** One run of a schedule as the API shows it. */
export function executionFromRow(row: ExecutionRow): ScheduleExecution {
  return scheduleExecutionSchema.parse({
    ...row,
    plannedAt: row.plannedAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  });
}
