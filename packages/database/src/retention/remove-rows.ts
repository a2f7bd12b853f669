import { Prisma } from '../generated/client.ts';
import { workspacesKeeping } from './remove-scans.ts';
import type { RetentionPeriods } from './retention-periods.ts';

/** Selects the ids of rows of one table whose time is over; null when they are kept for ever. */
type SelectDue = (periods: RetentionPeriods) => Prisma.Sql | null;

/** Tables whose rows go by themselves, with what of them is due. */
const DUE = {
  refresh_sessions: ({ sessionDays }) => older('refresh_sessions', 'expires_at', sessionDays),
  user_tokens: ({ sessionDays }) => older('user_tokens', 'expires_at', sessionDays),
  idempotency_keys: () => Prisma.sql`SELECT id FROM idempotency_keys WHERE expires_at < now()`,
  notifications: ({ noticeDays }) =>
    older('notifications', 'created_at', noticeDays, Prisma.sql`state <> 'pending'`),
  webhook_deliveries: ({ deliveryDays }) =>
    older('webhook_deliveries', 'updated_at', deliveryDays, Prisma.sql`state IN ('delivered', 'dead')`),
  schedule_executions: ({ runDays }) =>
    older('schedule_executions', 'finished_at', runDays, Prisma.sql`finished_at IS NOT NULL`),
  outbox_events: ({ runDays }) =>
    older('outbox_events', 'created_at', runDays, Prisma.sql`refused_reason IS NOT NULL`),
  // Those of a scan go with it.
  reports: ({ scanDays }) =>
    inWorkspaces(
      'reports',
      scanDays,
      Prisma.sql`due.scan_id IS NULL AND due.state <> 'queued' AND due.created_at < kept.since`,
    ),
  // Those whose last scan goes by age go with it; these lost theirs in another way.
  cookie_sightings: ({ scanDays }) =>
    inWorkspaces(
      'cookie_sightings',
      scanDays,
      Prisma.sql`due.last_scan_id IS NULL AND due.last_seen_at < kept.since`,
    ),
  scan_batches: ({ scanDays }) =>
    inWorkspaces(
      'scan_batches',
      scanDays,
      Prisma.sql`due.created_at < kept.since AND NOT EXISTS (SELECT FROM scan_results WHERE batch_id = due.id)`,
    ),
} as const satisfies Record<string, SelectDue>;

/** A table whose old rows go by themselves. */
export type PlainTable = keyof typeof DUE;

/** All of them. */
export const PLAIN_TABLES = Object.keys(DUE) as PlainTable[];

/** Removes rows of a table whose time is over, at most so many; returns how many. */
export async function removeRows(
  tx: Prisma.TransactionClient,
  table: PlainTable,
  periods: RetentionPeriods,
  limit: number,
): Promise<number> {
  const due = DUE[table](periods);
  if (due === null) return 0;
  const name = Prisma.raw(table);
  // Rows that somebody works with at this moment are left for the next time.
  return tx.$executeRaw`
    WITH old AS MATERIALIZED (
      SELECT id FROM ${name} WHERE id IN (${due} LIMIT ${limit}) FOR UPDATE SKIP LOCKED)
    DELETE FROM ${name} WHERE id IN (SELECT id FROM old)`;
}

function older(
  table: string,
  column: string,
  days: number,
  condition: Prisma.Sql = Prisma.sql`true`,
): Prisma.Sql | null {
  if (days === 0) return null;
  return Prisma.sql`
    SELECT id FROM ${Prisma.raw(table)}
     WHERE ${Prisma.raw(column)} < now() - make_interval(days => ${days}::int) AND ${condition}`;
}

function inWorkspaces(table: string, days: number, condition: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
    SELECT due.id FROM ${workspacesKeeping('scan_days', days)}
      JOIN ${Prisma.raw(table)} AS due ON due.workspace_id = owner.id WHERE ${condition}`;
}
