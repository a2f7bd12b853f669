import type { Finding, FindingUpdate } from '@cookie-scanner/contracts';
import type { AuditActor } from './audit-actor.ts';
import { writeAudit } from './audit.repository.ts';
import { findingFromStored } from './finding-content.ts';
import { findingFromRow, type FindingRow } from './finding-rows.ts';
import { Prisma } from './generated/client.ts';
import type { DatabaseAccess } from './open-database.ts';
import { toBoundedText } from './postgres-text.ts';
import type { Precondition } from './precondition.ts';

/** One finding, in the workspace that the access is bound to; null when there is none. */
export async function findFinding(
  prisma: Prisma.TransactionClient,
  { workspaceId }: Pick<DatabaseAccess, 'workspaceId'>,
  id: string,
): Promise<Finding | null> {
  const bound = workspaceId === null ? Prisma.empty : Prisma.sql`AND workspace_id = ${workspaceId}::uuid`;
  const [found] = await prisma.$queryRaw<{ row: FindingRow }[]>`
    SELECT to_jsonb(finding) AS row FROM findings AS finding WHERE id = ${id}::uuid ${bound}`;
  return found ? findingFromStored(findingFromRow(found.row)) : null;
}

/** Records what somebody decided about a finding, with its entry in the audit log. Null when there is none. */
export async function decideFinding(
  access: DatabaseAccess,
  id: string,
  {
    decision: { state, reason },
    by,
    precondition = () => undefined,
  }: {
    readonly decision: FindingUpdate;
    readonly by: AuditActor;
    readonly precondition?: Precondition<Finding> | undefined;
  },
): Promise<Finding | null> {
  return access.transaction(async (tx) => {
    // Two who decide at the same time take turns, so that the second sees what the first decided.
    await tx.$executeRaw`SELECT FROM findings WHERE id = ${id}::uuid FOR NO KEY UPDATE`;
    const before = await findFinding(tx, access, id);
    if (!before) return null;
    precondition(before);
    const decidedBy = by.actorKind === 'user' ? (by.actorId ?? null) : null;
    await tx.$executeRaw`
      UPDATE findings
         SET state = ${state}::finding_state, decided_by = ${decidedBy}::uuid, decided_at = now(),
             decision_note = ${reason === '' ? null : toBoundedText(reason)}
       WHERE id = ${id}::uuid`;
    const [scan] = await tx.$queryRaw<{ workspaceId: string }[]>`
      SELECT workspace_id::text AS "workspaceId" FROM findings WHERE id = ${id}::uuid`;
    await writeAudit(tx, {
      ...by,
      action: 'finding.decide',
      targetType: 'finding',
      targetId: id,
      ...scan,
      before: { state: before.state, reason: before.stateReason },
      after: { state, reason, ruleId: before.ruleId, subject: before.subject, scanId: before.scanId },
    });
    return findFinding(tx, access, id);
  });
}
