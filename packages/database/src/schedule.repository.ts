import type { Schedule, ScheduleExecution } from '@cookie-scanner/contracts';
import type { AuditActor } from './audit-actor.ts';
import { Prisma } from './generated/client.ts';
import { boundTo } from './in-workspace.ts';
import { keyBefore, keysetPage, pageSize, type KeysetPage, type PageRequest } from './keyset.ts';
import type { OnceRequest } from './once.ts';
import { databaseAccess, type Database, type DatabaseAccess } from './open-database.ts';
import {
  changeSchedule,
  createSchedule,
  removeSchedule,
  runScheduleNow,
  type NewSchedule,
  type ScheduleChange,
} from './schedule-changes.ts';
import { finishRuns } from './schedule-run-end.ts';
import { runDueSchedule, type ScheduleDecision, type ScheduleTurn } from './schedule-run.ts';
import { executionFromRow, scheduleFromRow } from './schedule-rows.ts';

/** Schedules and their runs. Every change by people is recorded in the audit log, in the transaction that makes it. */
export interface ScheduleRepository {
  /**
   * @throws AppError QUOTA_EXCEEDED when the workspace has as many as it may
   * @throws AppError INPUT_INVALID when profile or sites are not there
   */
  create(schedule: NewSchedule, by: AuditActor, request?: OnceRequest): Promise<Schedule>;
  /** Null when there is none. */
  find(id: string): Promise<Schedule | null>;
  /** The last made first. */
  list(page: PageRequest): Promise<KeysetPage<Schedule>>;
  /**
   * Changes what `decide` says of the schedule as it is; what that throws comes out, and nothing is changed.
   *
   * @returns null when there is none
   * @throws AppError INPUT_INVALID when profile or sites are not there
   */
  change(id: string, decide: (current: Schedule) => ScheduleChange, by: AuditActor): Promise<Schedule | null>;
  /** Removes it with the records of its runs; the scans stay. False when there is none. */
  remove(id: string, by: AuditActor, precondition?: (current: Schedule) => void): Promise<boolean>;
  /**
   * Begins a run out of turn, whatever the state of the schedule.
   *
   * @returns null when there is none
   * @throws AppError CONFLICT while a run is under way, unless runs may overlap
   */
  runNow(id: string, by: AuditActor, request?: OnceRequest): Promise<ScheduleExecution | null>;
  /** Runs of a schedule, the latest first. */
  listRuns(runs: { scheduleId: string } & PageRequest): Promise<KeysetPage<ScheduleExecution>>;

  /** Ids of active schedules whose time has come on PostgreSQL's clock, the longest waiting first. */
  listDue(limit: number): Promise<string[]>;
  /**
   * Begins what is due of a schedule, as `decide` says, and sets its next run.
   *
   * @returns null when it is not due any more, or another scheduler is at it
   */
  runDue(
    id: string,
    decide: (schedule: Schedule, now: Date) => ScheduleDecision,
  ): Promise<ScheduleTurn | null>;
  /** Records the outcome of runs whose scans have all ended; returns how many. */
  finishRuns(): Promise<number>;
}

/** The schedules kept in a database. */
export function scheduleRepository(database: Database): ScheduleRepository {
  const access = databaseAccess(database);
  return {
    create: (schedule, by, request) => createSchedule(access, schedule, by, request),
    find: async (id) => {
      const row = await access.query((prisma) =>
        prisma.schedule.findFirst({ where: { id, ...boundTo(access) } }),
      );
      return row && scheduleFromRow(row);
    },
    list: (page) => listSchedules(access, page),
    change: (id, decide, by) => changeSchedule(access, id, decide, by),
    remove: (id, by, precondition) => removeSchedule(access, id, by, precondition),
    runNow: (id, by, request) => runScheduleNow(access, id, by, request),
    listRuns: (runs) => listRuns(access, runs),
    listDue: async (limit) => {
      const rows = await access.query((prisma) =>
        prisma.$queryRaw<{ id: string }[]>(schedulesDueQuery(limit)),
      );
      return rows.map(({ id }) => id);
    },
    runDue: (id, decide) => runDueSchedule(access, id, decide),
    finishRuns: () => finishRuns(access),
  };
}

/** Schedules that are due. */
export function schedulesDueQuery(limit: number): Prisma.Sql {
  return Prisma.sql`
    SELECT id FROM schedules WHERE state = 'active' AND next_run_at <= now()
     ORDER BY next_run_at, id LIMIT ${limit}`;
}

async function listSchedules(access: DatabaseAccess, request: PageRequest): Promise<KeysetPage<Schedule>> {
  const after = keyBefore(request, ['time', 'uuid']);
  const size = pageSize(request);
  return access.query(async (prisma) => {
    const { workspaceId } = access;
    const behind = after
      ? Prisma.sql`AND (created_at, id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`
      : Prisma.empty;
    const keys = await prisma.$queryRaw<{ id: string; at: string }[]>`
      SELECT id, created_at::text AS at FROM schedules
       WHERE (${workspaceId}::uuid IS NULL OR workspace_id = ${workspaceId}::uuid) ${behind}
       ORDER BY created_at DESC, id DESC LIMIT ${size + 1}`;
    const rows = await prisma.schedule.findMany({ where: { id: { in: keys.map(({ id }) => id) } } });
    const byId = new Map(rows.map((row) => [row.id, row]));
    const found = keys.flatMap(({ id, at }) => {
      const row = byId.get(id);
      return row ? [{ row, at }] : [];
    });
    return keysetPage(
      found,
      size,
      ({ row, at }) => [at, row.id],
      ({ row }) => scheduleFromRow(row),
    );
  });
}

async function listRuns(
  access: DatabaseAccess,
  { scheduleId, ...request }: { scheduleId: string } & PageRequest,
): Promise<KeysetPage<ScheduleExecution>> {
  const after = keyBefore(request, ['time']);
  const size = pageSize(request);
  const rows = await access.query((prisma) =>
    prisma.scheduleExecution.findMany({
      where: {
        scheduleId,
        schedule: boundTo(access),
        ...(after ? { plannedAt: { lt: new Date(after[0]) } } : {}),
      },
      orderBy: { plannedAt: 'desc' },
      take: size + 1,
    }),
  );
  return keysetPage(rows, size, keyOfRun, executionFromRow);
}

/** As PostgreSQL prints it. */
function keyOfRun({ plannedAt }: { plannedAt: Date }): [string] {
  return [plannedAt.toISOString().replace('T', ' ').replace('Z', '+00')];
}
