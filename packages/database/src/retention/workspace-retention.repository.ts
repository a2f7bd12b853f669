import type { OwnRetention, OwnRetentionUpdate } from '@cookie-scanner/contracts';
import type { AuditActor } from '../audit-actor.ts';
import { writeAudit } from '../audit.repository.ts';
import type { Prisma } from '../generated/client.ts';
import { databaseAccess, type Database, type DatabaseAccess } from '../open-database.ts';
import type { Precondition } from '../precondition.ts';

/** How long a workspace keeps what it has. */
export interface WorkspaceRetentionRepository {
  /** What it chose; all null for one that chose nothing. */
  find(workspaceId: string): Promise<OwnRetention>;
  /**
   * Changes what it chose, and records that in the audit log in the same transaction. It counts for what is there already.
   *
   * @param precondition - throws when the choice is not any more what the change is about
   * @returns null when there is no such workspace
   */
  change(
    workspaceId: string,
    change: OwnRetentionUpdate,
    by: AuditActor,
    precondition?: Precondition<OwnRetention>,
  ): Promise<OwnRetention | null>;
}

const NOTHING_CHOSEN: OwnRetention = { scanDays: null, fileDays: null, auditDays: null };

/** What workspaces chose, kept in a database. */
export function workspaceRetentionRepository(database: Database): WorkspaceRetentionRepository {
  const access = databaseAccess(database);
  return {
    find: (workspaceId) => access.query((prisma) => findOwn(prisma, workspaceId)),
    change: (...change) => changeOwn(access, ...change),
  };
}

async function findOwn(prisma: Prisma.TransactionClient, workspaceId: string): Promise<OwnRetention> {
  const row = await prisma.workspaceRetention.findUnique({ where: { workspaceId } });
  if (!row) return NOTHING_CHOSEN;
  return { scanDays: row.scanDays, fileDays: row.fileDays, auditDays: row.auditDays };
}

async function changeOwn(
  access: DatabaseAccess,
  workspaceId: string,
  change: OwnRetentionUpdate,
  by: AuditActor,
  precondition?: Precondition<OwnRetention>,
): Promise<OwnRetention | null> {
  return access.transaction(async (tx) => {
    // Two who change it at the same time take turns, also where there is no row yet.
    const [workspace] = await tx.$queryRaw<object[]>`
      SELECT FROM workspaces WHERE id = ${workspaceId}::uuid FOR NO KEY UPDATE`;
    if (!workspace) return null;
    const before = await findOwn(tx, workspaceId);
    precondition?.(before);
    const after: OwnRetention = {
      scanDays: change.scanDays === undefined ? before.scanDays : change.scanDays,
      fileDays: change.fileDays === undefined ? before.fileDays : change.fileDays,
      auditDays: change.auditDays === undefined ? before.auditDays : change.auditDays,
    };
    await tx.workspaceRetention.upsert({
      where: { workspaceId },
      create: { workspaceId, ...after },
      update: after,
    });
    await writeAudit(tx, {
      ...by,
      action: 'workspace.change_retention',
      ...{ targetType: 'workspace', targetId: workspaceId, workspaceId },
      before,
      after,
    });
    return after;
  });
}
