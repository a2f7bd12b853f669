import type { Schedule, ScheduleExecutionStatus } from '@cookie-scanner/contracts';
import type { Prisma } from './generated/client.ts';
import type { DatabaseAccess } from './open-database.ts';
import { insertScans } from './scan-insert.ts';
import { paramsFromRow } from './scan-rows.ts';
import { nextRunColumns, scheduleFromRow, type ScheduleRow, type ScheduleRun } from './schedule-rows.ts';

/** What somebody who knows the calendar decides about a schedule that is due. */
export interface ScheduleDecision {
  /** The run to begin; null for none. */
  run: ScheduleRun | null;
  /** Runs that were missed and do not take place. */
  missed: readonly ScheduleRun[];
  /** The next run; null ends the schedule. */
  next: ScheduleRun | null;
}

/** What came of a turn of a schedule. */
export interface ScheduleTurn {
  /** How many missed runs were recorded as skipped. */
  missedCount: number;
  /** How the run was begun; null when none was. */
  run: { status: ScheduleExecutionStatus; reason: string | null; scanCount: number } | null;
}

/** Longest that a turn may take: a run may begin 20,000 scans. */
const TURN_TIMEOUT_MS = 60_000;

/**
 * Begins what is due of a schedule and sets its next run, all in one transaction. Of several schedulers that try at
 * once, one does it.
 *
 * @param decide - told the schedule and PostgreSQL's time; must have no effects
 * @returns null when the schedule is not due any more, or another scheduler is at it
 */
export function runDueSchedule(
  access: DatabaseAccess,
  id: string,
  decide: (schedule: Schedule, now: Date) => ScheduleDecision,
): Promise<ScheduleTurn | null> {
  return access.transaction(async (tx) => {
    const [due] = await tx.$queryRaw<{ now: Date }[]>`
      SELECT now() FROM schedules WHERE id = ${id}::uuid AND state = 'active' AND next_run_at <= now()
         FOR UPDATE SKIP LOCKED`;
    if (!due) return null;
    const row = await tx.schedule.findUniqueOrThrow({ where: { id } });
    const { run, missed, next } = decide(scheduleFromRow(row), due.now);
    const { count: missedCount } = await tx.scheduleExecution.createMany({
      data: missed.map(({ plannedAt }) => ({ ...skipped(id, plannedAt, 'misfire'), finishedAt: due.now })),
      skipDuplicates: true,
    });
    const begun = run && (await beginRun(tx, row, run.plannedAt, due.now));
    await tx.schedule.update({
      where: { id },
      data: {
        ...nextRunColumns(next),
        ...(run ? { lastRunAt: run.plannedAt } : {}),
        ...(next ? {} : { state: 'finished' }),
      },
    });
    return { missedCount, run: begun };
  }, TURN_TIMEOUT_MS);
}

/**
 * Records the run of one planned time and submits its scans. The caller holds the lock of the schedule's row.
 *
 * @returns null when that time has a run already
 */
export async function beginRun(
  tx: Prisma.TransactionClient,
  schedule: ScheduleRow,
  plannedAt: Date,
  now: Date,
): Promise<(NonNullable<ScheduleTurn['run']> & { executionId: string }) | null> {
  const plan = await planRun(tx, schedule);
  const base = { scheduleId: schedule.id, plannedAt, scansPlanned: plan.urls.length };
  const data =
    plan.status === 'running'
      ? { ...base, status: plan.status, startedAt: now }
      : { ...base, status: plan.status, statusReason: plan.reason, finishedAt: now };
  const [execution] = await tx.scheduleExecution.createManyAndReturn({ data, skipDuplicates: true });
  if (!execution) return null;
  if (plan.status === 'running') {
    await insertScans(tx, plan.urls, {
      workspaceId: schedule.workspaceId,
      params: plan.params,
      trigger: 'schedule',
      profileId: schedule.profileId,
      requestedBy: schedule.createdBy,
      scheduleExecutionId: execution.id,
    });
  }
  return {
    executionId: execution.id,
    status: plan.status,
    reason: plan.status === 'running' ? null : plan.reason,
    scanCount: plan.urls.length,
  };
}

type RunPlan =
  | { status: 'running'; urls: string[]; params: ReturnType<typeof paramsFromRow> }
  | { status: 'skipped' | 'failed'; reason: string; urls: [] };

/** What a run would do now, or why it does nothing. */
async function planRun(tx: Prisma.TransactionClient, schedule: ScheduleRow): Promise<RunPlan> {
  const { id: scheduleId, overlapPolicy } = schedule;
  if (overlapPolicy === 'skip' && (await hasOpenRun(tx, scheduleId)))
    return { status: 'skipped', reason: 'overlap', urls: [] };
  const params = await paramsNow(tx, schedule.profileId);
  if (!params) return { status: 'failed', reason: 'profile_retired', urls: [] };
  const urls = await targetUrls(tx, schedule);
  return urls.length === 0
    ? { status: 'skipped', reason: 'no_active_domains', urls: [] }
    : { status: 'running', urls, params };
}

/** True while a run of the schedule is under way. */
export async function hasOpenRun(tx: Prisma.TransactionClient, scheduleId: string): Promise<boolean> {
  const open = {
    scheduleId,
    status: { in: ['planned', 'running'] },
  } satisfies Prisma.ScheduleExecutionWhereInput;
  return (await tx.scheduleExecution.findFirst({ where: open, select: { id: true } })) !== null;
}

/** Parameters of a profile as it says now, in its newest version; null when it is out of use. */
async function paramsNow(
  tx: Prisma.TransactionClient,
  profileId: string,
): Promise<ReturnType<typeof paramsFromRow> | null> {
  const { workspaceId, slug } = await tx.scanProfile.findUniqueOrThrow({ where: { id: profileId } });
  const newest = await tx.scanProfile.findFirst({
    where: { workspaceId, slug },
    orderBy: { version: 'desc' },
  });
  return newest?.retiredAt === null ? paramsFromRow(newest.params) : null;
}

/** Start URLs of the sites that a schedule scans, those that are not active left out. */
async function targetUrls(
  tx: Prisma.TransactionClient,
  { workspaceId, domainIds, labels }: ScheduleRow,
): Promise<string[]> {
  const chosen = labels.length > 0 ? { labels: { hasEvery: labels } } : { id: { in: domainIds } };
  const sites = await tx.domainConfig.findMany({
    where: { workspaceId, state: 'active', ...chosen },
    orderBy: { domain: 'asc' },
    select: { domain: true, startUrls: true },
  });
  return sites.flatMap(({ domain, startUrls }) =>
    startUrls.length > 0 ? startUrls : [`https://${domain}/`],
  );
}

function skipped(scheduleId: string, plannedAt: Date, statusReason: string) {
  return { scheduleId, plannedAt, status: 'skipped', statusReason } as const;
}
