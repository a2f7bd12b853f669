import { databaseAccess, type Database } from '../open-database.ts';
import type { RetentionPeriods } from './retention-periods.ts';

const DAY_MS = 86_400_000;

/** Says from when on a chain of the audit log (`platform` or the id of a workspace) is kept; null for ever. */
export type AuditKeptSince = (chain: string) => Date | null;

/** Looks up what workspaces chose for their audit log; for all others counts what the platform says. */
export async function auditKeptSince(
  database: Database,
  { auditDays }: Pick<RetentionPeriods, 'auditDays'>,
): Promise<AuditKeptSince> {
  const chosen = await databaseAccess(database).query((prisma) =>
    prisma.workspaceRetention.findMany({
      where: { auditDays: { not: null } },
      select: { workspaceId: true, auditDays: true },
    }),
  );
  const daysOf = new Map(chosen.map((own) => [own.workspaceId, own.auditDays]));
  const nowMs = Date.now();
  return (chain) => {
    const days = daysOf.get(chain) ?? auditDays;
    return days === 0 ? null : new Date(nowMs - days * DAY_MS);
  };
}
