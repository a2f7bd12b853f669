import type { AuditLog } from '@cookie-scanner/contracts';
import { Prisma } from './generated/client.ts';
import { keyBefore, keysetPage, pageSize, type KeysetPage, type PageRequest } from './keyset.ts';
import type { DatabaseAccess } from './open-database.ts';
import { fromPostgresJson } from './postgres-text.ts';

interface AuditRow {
  id: string;
  sequence: string;
  at: string;
  occurred_at: Date;
  actor_kind: AuditLog['actorKind'];
  actor_id: string | null;
  action: string;
  outcome: AuditLog['outcome'];
  workspace_id: string | null;
  target_type: string | null;
  target_id: string | null;
  ip: string | null;
  user_agent: string | null;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
  previous_hash: string;
  hash: string;
}

/** One page of a chain, newest first: that of a workspace, or (null) of the platform. */
export async function listAuditLogs(
  access: DatabaseAccess,
  request: { workspaceId: string | null } & PageRequest,
): Promise<KeysetPage<AuditLog>> {
  const { workspaceId } = request;
  const after = keyBefore(request, ['time', 'uuid']);
  const size = pageSize(request);
  const whose =
    workspaceId === null ? Prisma.sql`workspace_id IS NULL` : Prisma.sql`workspace_id = ${workspaceId}::uuid`;
  const behind = after
    ? Prisma.sql`AND (occurred_at, id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`
    : Prisma.empty;
  const rows = await access.query(
    (prisma) => prisma.$queryRaw<AuditRow[]>`
      SELECT id, sequence::text, occurred_at::text AS at, occurred_at, actor_kind, actor_id, action, outcome,
             workspace_id, target_type, target_id, ip, user_agent, before, after, previous_hash, hash
        FROM audit_logs WHERE ${whose} ${behind} ORDER BY occurred_at DESC, id DESC LIMIT ${size + 1}`,
  );
  return keysetPage(rows, size, ({ at, id }) => [at, id], fromRow);
}

function fromRow(row: AuditRow): AuditLog {
  const json = (value: Record<string, unknown> | null): Record<string, unknown> | null =>
    value === null ? null : (fromPostgresJson(value) as Record<string, unknown>);
  return {
    id: row.id,
    sequence: row.sequence,
    at: row.occurred_at.toISOString(),
    actorKind: row.actor_kind,
    actorId: row.actor_id,
    action: row.action,
    outcome: row.outcome,
    workspaceId: row.workspace_id,
    targetKind: row.target_type,
    targetId: row.target_id,
    address: row.ip,
    userAgent: row.user_agent,
    before: json(row.before),
    after: json(row.after),
    previousHash: row.previous_hash,
    hash: row.hash,
  };
}
