import type {
  MisfirePolicy,
  OverlapPolicy,
  ScheduleExecutionStatus,
  ScheduleFrequency,
} from '@cookie-scanner/contracts';
import { Prisma } from './generated/client.ts';
import { keyBefore, keysetPage, pageSize, type KeysetPage, type PageRequest } from './keyset.ts';
import { databaseAccess, type Database, type DatabaseAccess } from './open-database.ts';
import { toBoundedText } from './postgres-text.ts';

/** A schedule whose time has come, with what is needed to run it and to find its next time. */
export interface DueSchedule {
  id: string;
  workspaceId: string;
  name: string;
  urls: string[];
  domainConfigId: string | null;
  profileId: string | null;
  frequency: ScheduleFrequency;
  cron: string | null;
  intervalMinutes: number | null;
  /** Time of day and days, as the contract of schedules says. */
  timing: unknown;
  timeZone: string;
  misfirePolicy: MisfirePolicy;
  overlapPolicy: OverlapPolicy;
  /** The time that has come, to the millisecond. */
  nextRunAt: Date;
  endsAt: Date | null;
}

/** How a run of a schedule can end. */
type ExecutionEnd = Extract<ScheduleExecutionStatus, 'success' | 'partial' | 'failed' | 'skipped'>;

/** Schedules and their runs, as those see them who run them. */
export interface ScheduleRepository {
  /** Active schedules whose time has come on PostgreSQL's clock, the longest waiting first. */
  listDue(page: PageRequest): Promise<KeysetPage<DueSchedule>>;
  /**
   * Records that the run of one planned time is taken and sets the next one; null for `nextRunAt` ends the schedule.
   * Of several schedulers who try at once, one gets it.
   *
   * @returns id of the execution; null when that time was taken before
   */
  planExecution(plan: {
    scheduleId: string;
    plannedAt: Date;
    nextRunAt: Date | null;
  }): Promise<string | null>;
  /** Records that the scans of a run were submitted. False when the run is under way or over already. */
  startExecution(id: string): Promise<boolean>;
  /** Records how a run ended. False when it was over already. */
  finishExecution(id: string, end: { status: ExecutionEnd; reason: string | null }): Promise<boolean>;
}

/** The schedules kept in a database. */
export function scheduleRepository(database: Database): ScheduleRepository {
  const access = databaseAccess(database);
  return {
    listDue: (page) => listDue(access, page),
    planExecution: (plan) => planExecution(access, plan),
    startExecution: async (id) => {
      const count = await access.query(
        (prisma) => prisma.$executeRaw`
          UPDATE schedule_executions SET status = 'running', started_at = now()
           WHERE id = ${id}::uuid AND status = 'planned'`,
      );
      return count > 0;
    },
    finishExecution: async (id, { status, reason }) => {
      const count = await access.query(
        (prisma) => prisma.$executeRaw`
          UPDATE schedule_executions
             SET status = ${status}::schedule_execution_status, finished_at = now(),
                 status_reason = ${reason === null || reason === '' ? null : toBoundedText(reason)}
           WHERE id = ${id}::uuid AND status IN ('planned', 'running')`,
      );
      return count > 0;
    },
  };
}

/** Schedules that are due, behind one of them. */
export function schedulesDueQuery({
  after,
  limit,
}: {
  after: readonly [at: string, id: string] | null;
  limit: number;
}): Prisma.Sql {
  const behind = after
    ? Prisma.sql`AND (next_run_at, id) > (${after[0]}::timestamptz, ${after[1]}::uuid)`
    : Prisma.empty;
  return Prisma.sql`
    SELECT id, workspace_id AS "workspaceId", name, urls, domain_config_id AS "domainConfigId",
           profile_id AS "profileId", frequency::text, cron, interval_minutes AS "intervalMinutes", timing,
           time_zone AS "timeZone", misfire_policy::text AS "misfirePolicy", overlap_policy::text AS "overlapPolicy",
           next_run_at AS "nextRunAt", ends_at AS "endsAt", next_run_at::text AS at
      FROM schedules WHERE state = 'active' AND next_run_at <= now() ${behind}
     ORDER BY next_run_at, id LIMIT ${limit}`;
}

async function listDue(access: DatabaseAccess, page: PageRequest): Promise<KeysetPage<DueSchedule>> {
  const size = pageSize(page);
  const query = schedulesDueQuery({ after: keyBefore(page, ['time', 'uuid']), limit: size + 1 });
  const rows = await access.query((prisma) => prisma.$queryRaw<(DueSchedule & { at: string })[]>(query));
  return keysetPage(
    rows,
    size,
    ({ at, id }) => [at, id],
    ({ at, ...schedule }) => {
      void at;
      return schedule;
    },
  );
}

function planExecution(
  access: DatabaseAccess,
  { scheduleId, plannedAt, nextRunAt }: { scheduleId: string; plannedAt: Date; nextRunAt: Date | null },
): Promise<string | null> {
  return access.transaction(async (tx) => {
    const [execution] = await tx.$queryRaw<{ id: string }[]>`
      INSERT INTO schedule_executions (schedule_id, planned_at)
      VALUES (${scheduleId}::uuid, ${plannedAt.toISOString()}::timestamptz)
      ON CONFLICT (schedule_id, planned_at) DO NOTHING RETURNING id`;
    if (!execution) return null;
    await tx.$executeRaw`
      UPDATE schedules
         SET last_run_at = ${plannedAt.toISOString()}::timestamptz,
             next_run_at = ${nextRunAt?.toISOString() ?? null}::timestamptz,
             state = CASE WHEN ${nextRunAt === null} THEN 'finished'::schedule_state ELSE state END
       WHERE id = ${scheduleId}::uuid`;
    return execution.id;
  });
}
