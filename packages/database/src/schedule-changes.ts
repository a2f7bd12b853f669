import {
  scheduleExecutionSchema,
  scheduleSchema,
  type Schedule,
  type ScheduleCreate,
  type ScheduleExecution,
  type ScheduleUpdate,
} from '@cookie-scanner/contracts';
import { AppError } from '@cookie-scanner/errors';
import type { AuditActor } from './audit-actor.ts';
import { writeAudit } from './audit.repository.ts';
import type { Prisma } from './generated/client.ts';
import { boundTo } from './in-workspace.ts';
import { once, type OnceRequest } from './once.ts';
import type { DatabaseAccess } from './open-database.ts';
import { beginRun, hasOpenRun } from './schedule-run.ts';
import {
  decidedColumns,
  executionFromRow,
  nextRunColumns,
  scheduleFromRow,
  type ScheduleRow,
  type ScheduleRun,
} from './schedule-rows.ts';

/** A schedule to make, and whose it is. */
export interface NewSchedule extends ScheduleCreate {
  workspaceId: string;
  createdBy: string;
  /** Its first run. */
  next: ScheduleRun;
}

/** What becomes of a schedule. */
export interface ScheduleChange {
  /** What people decided. */
  decided: ScheduleUpdate;
  /** Its next run; null for none. */
  next: ScheduleRun | null;
  /** For the audit log. */
  action: 'schedule.update' | 'schedule.pause' | 'schedule.resume';
}

/** Schedules that one workspace may have. */
const SCHEDULES_MAX = 500;

/** Makes a schedule; with `request`, one that was asked for before is given again. */
export function createSchedule(
  access: DatabaseAccess,
  schedule: NewSchedule,
  by: AuditActor,
  request: OnceRequest | undefined,
): Promise<Schedule> {
  return access.transaction((tx) =>
    once(tx, schedule.workspaceId, request, scheduleSchema, () => makeSchedule(tx, schedule, by)),
  );
}

async function makeSchedule(
  tx: Prisma.TransactionClient,
  { workspaceId, createdBy, next, ...decided }: NewSchedule,
  by: AuditActor,
): Promise<Schedule> {
  // Two that are made at once must not both be the last one allowed.
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`schedules of ${workspaceId}`}, 0))`;
  if ((await tx.schedule.count({ where: { workspaceId } })) >= SCHEDULES_MAX) {
    throw new AppError('QUOTA_EXCEEDED', `A workspace has at most ${SCHEDULES_MAX} schedules.`);
  }
  await requireReferences(tx, workspaceId, decided);
  const row = await tx.schedule.create({
    data: {
      ...(decidedColumns(decided) as Prisma.ScheduleUncheckedCreateInput),
      ...nextRunColumns(next),
      workspaceId,
      createdBy,
    },
  });
  const shown = scheduleFromRow(row);
  await audit(tx, 'schedule.create', by, shown, { after: shown });
  return shown;
}

/** Changes a schedule as `decide` says; null when there is none. */
export function changeSchedule(
  access: DatabaseAccess,
  id: string,
  decide: (current: Schedule) => ScheduleChange,
  by: AuditActor,
): Promise<Schedule | null> {
  return access.transaction(async (tx) => {
    const row = await lockedSchedule(tx, access, id);
    if (!row) return null;
    const before = scheduleFromRow(row);
    const { decided, next, action } = decide(before);
    await requireReferences(tx, row.workspaceId, decided);
    const after = scheduleFromRow(
      await tx.schedule.update({
        where: { id },
        data: { ...decidedColumns(decided), ...nextRunColumns(next) },
      }),
    );
    await audit(tx, action, by, after, { before, after });
    return after;
  });
}

/** Removes a schedule with the records of its runs; the scans stay. False when there is none. */
export function removeSchedule(
  access: DatabaseAccess,
  id: string,
  by: AuditActor,
  precondition: (current: Schedule) => void = () => undefined,
): Promise<boolean> {
  return access.transaction(async (tx) => {
    const row = await lockedSchedule(tx, access, id);
    if (!row) return false;
    const before = scheduleFromRow(row);
    precondition(before);
    await tx.schedule.delete({ where: { id } });
    await audit(tx, 'schedule.delete', by, before, { before });
    return true;
  });
}

/** Begins a run out of turn; null when there is no such schedule. */
export function runScheduleNow(
  access: DatabaseAccess,
  id: string,
  by: AuditActor,
  request: OnceRequest | undefined,
): Promise<ScheduleExecution | null> {
  return access.transaction(async (tx) => {
    const row = await lockedSchedule(tx, access, id);
    if (!row) return null;
    return once(tx, row.workspaceId, request, scheduleExecutionSchema, () => startRun(tx, row, by));
  });
}

async function startRun(
  tx: Prisma.TransactionClient,
  row: ScheduleRow,
  by: AuditActor,
): Promise<ScheduleExecution> {
  if (row.overlapPolicy === 'skip' && (await hasOpenRun(tx, row.id)))
    throw new AppError('CONFLICT', 'A run of this schedule is under way; wait until it has ended.');
  const [clock] = await tx.$queryRaw<{ now: Date }[]>`SELECT now()`;
  const now = clock?.now ?? new Date();
  const run = await beginRun(tx, row, now, now);
  if (!run) throw new AppError('CONFLICT', 'This schedule has a run planned for this very moment.');
  const execution = executionFromRow(
    await tx.scheduleExecution.findUniqueOrThrow({ where: { id: run.executionId } }),
  );
  await audit(tx, 'schedule.run', by, scheduleFromRow(row), { after: { executionId: run.executionId } });
  return execution;
}

/** The schedule, which no scheduler runs and nobody else changes until the transaction ends. */
async function lockedSchedule(
  tx: Prisma.TransactionClient,
  access: DatabaseAccess,
  id: string,
): Promise<ScheduleRow | null> {
  await tx.$executeRaw`SELECT FROM schedules WHERE id = ${id}::uuid FOR UPDATE`;
  return tx.schedule.findFirst({ where: { id, ...boundTo(access) } });
}

async function requireReferences(
  tx: Prisma.TransactionClient,
  workspaceId: string,
  { profileId, target }: Pick<ScheduleUpdate, 'profileId' | 'target'>,
): Promise<void> {
  if (profileId !== undefined) {
    const profile = await tx.scanProfile.findFirst({
      where: { id: profileId, retiredAt: null, OR: [{ workspaceId }, { workspaceId: null }] },
      select: { id: true },
    });
    if (!profile) throw missing('#/profileId', 'is no profile of this workspace');
  }
  if (target?.kind !== 'domains') return;
  const ids = target.domainIds.map((each) => each.toLowerCase());
  const known = await tx.domainConfig.findMany({
    where: { workspaceId, id: { in: ids } },
    select: { id: true },
  });
  const knownIds = new Set(known.map(({ id }) => id));
  const unknown = ids.findIndex((id) => !knownIds.has(id));
  if (unknown >= 0) throw missing(`#/target/domainIds/${unknown}`, 'is no site of this workspace');
}

function missing(pointer: string, detail: string): AppError {
  const message = 'The schedule refers to something that is not there; errors says what.';
  return new AppError('INPUT_INVALID', message, { errors: [{ pointer, detail }] });
}

async function audit(
  tx: Prisma.TransactionClient,
  action: string,
  by: AuditActor,
  { id, workspaceId }: Schedule,
  states: { before?: Record<string, unknown>; after?: Record<string, unknown> },
): Promise<void> {
  await writeAudit(tx, { ...by, action, targetType: 'schedule', targetId: id, workspaceId, ...states });
}
