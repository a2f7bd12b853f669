import type { AuditActorKind, AuditLog as ShownAuditLog, AuditOutcome } from '@cookie-scanner/contracts';
import { listAuditLogs } from './audit-lists.ts';
import { Prisma } from './generated/client.ts';
import { keyBefore, keysetPage, pageSize, type KeysetPage, type PageRequest } from './keyset.ts';
import { databaseAccess, type Database, type DatabaseAccess } from './open-database.ts';
import { fromPostgresJson, toBoundedText, toPostgresJson } from './postgres-text.ts';

/** Somebody did something. What is left out is unknown or does not apply. */
export interface AuditEntry {
  actorKind: AuditActorKind;
  /** Set for users and API keys, and only for them. */
  actorId?: string;
  /** As it was called then; at most 320 characters. */
  actorName?: string;
  /** Words with dots, such as `scan.cancel`. */
  action: string;
  outcome?: AuditOutcome;
  targetType?: string;
  targetId?: string;
  /** Whose chain the row belongs to; without it, the platform's. */
  workspaceId?: string;
  ip?: string;
  userAgent?: string;
  requestId?: string;
  /** State before and after, without secrets; at most 256 KiB each. */
  before?: Record<string, unknown>;
  after?: Record<string, unknown>;
}

/** An entry in its place in the chain. */
export interface AuditLog extends AuditEntry {
  id: string;
  /** The workspace, or `platform`. */
  chain: string;
  /** From 1, without gaps in a chain. */
  sequence: number;
  /** ISO 8601. */
  occurredAt: string;
  hash: string;
}

/** Who did what to what. Rows are only ever added; the database refuses anything else. */
export interface AuditRepository {
  /**
   * Adds an entry to the end of its chain.
   *
   * Writers of one chain wait for each other until they commit, so this belongs at the end of what it records.
   */
  append(entry: AuditEntry): Promise<void>;
  /** A chain, newest first: that of a workspace, or (null) of the platform. */
  list(logs: { workspaceId: string | null } & PageRequest): Promise<KeysetPage<ShownAuditLog>>;
  /** What somebody did in a time, newest first; null stands for no limit. */
  listOfActor(
    logs: { actorId: string; from: Date | null; until: Date | null } & PageRequest,
  ): Promise<KeysetPage<AuditLog>>;
}

/** A row of `audit_logs` as JSON, in PostgreSQL's own names. */
interface AuditRow {
  id: string;
  chain: string;
  sequence: number;
  occurred_at: string;
  actor_kind: AuditActorKind;
  actor_id: string | null;
  actor_name: string | null;
  action: string;
  outcome: AuditOutcome;
  target_type: string | null;
  target_id: string | null;
  workspace_id: string | null;
  ip: string | null;
  user_agent: string | null;
  request_id: string | null;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
  hash: string;
}

/** The audit log kept in a database. */
export function auditRepository(database: Database): AuditRepository {
  const access = databaseAccess(database);
  return {
    append: (entry) => access.transaction(async (tx) => void (await writeAudit(tx, entry))),
    list: (logs) => listAuditLogs(access, logs),
    listOfActor: (logs) => listOfActor(access, logs),
  };
}

/**
 * Adds an entry within the transaction whose work it records: when one fails, so does the other.
 *
 * @returns id of the entry
 */
export async function writeAudit(tx: Prisma.TransactionClient, entry: AuditEntry): Promise<string> {
  const [row] = await tx.$queryRaw<{ id: string }[]>`${insertAudit(entry)} RETURNING id`;
  return row?.id ?? '';
}

/**
 * The statement that adds an entry; as a part of another one, an entry for the row that `source` gives there, if any.
 *
 * @param targetId - what of the source names the target
 */
export function insertAudit(
  entry: AuditEntry,
  source = Prisma.sql`(SELECT) AS one`,
  targetId = Prisma.sql`${clipped(entry.targetId, 1_024)}`,
): Prisma.Sql {
  const json = (value: Record<string, unknown> | undefined): string | null =>
    value === undefined ? null : JSON.stringify(toPostgresJson(value));
  return Prisma.sql`
    INSERT INTO audit_logs (
      actor_kind, actor_id, actor_name, action, outcome, target_type, target_id, workspace_id, ip, user_agent,
      request_id, before, after)
    SELECT
      ${entry.actorKind}::audit_actor_kind, ${entry.actorId ?? null}::uuid, ${clipped(entry.actorName, 320)}::text,
      ${entry.action}::text, ${entry.outcome ?? 'done'}::audit_outcome, ${clipped(entry.targetType, 100)}::text,
      ${targetId}::text, ${entry.workspaceId ?? null}::uuid, ${clipped(entry.ip, 64)}::text,
      ${clipped(entry.userAgent, 1_024)}::text, ${clipped(entry.requestId, 200)}::text,
      ${json(entry.before)}::jsonb, ${json(entry.after)}::jsonb
      FROM ${source}`;
}

/** What clients say of themselves must not keep an action from being recorded, so it is cut. */
function clipped(text: string | undefined, lengthMax: number): string | null {
  if (text === undefined) return null;
  // A character outside the basic plane counts once in PostgreSQL and twice here, so this never cuts too late.
  return toBoundedText(text).slice(0, lengthMax).toWellFormed();
}

/** What somebody did, behind one of the rows. */
export function auditByActorQuery(logs: {
  actorId: string;
  from: Date | null;
  until: Date | null;
  after: readonly [at: string, id: string] | null;
  limit: number;
}): Prisma.Sql {
  const { actorId, from, until, after, limit } = logs;
  const since = from ? Prisma.sql`AND occurred_at >= ${from.toISOString()}::timestamptz` : Prisma.empty;
  const before = until ? Prisma.sql`AND occurred_at < ${until.toISOString()}::timestamptz` : Prisma.empty;
  const behind = after
    ? Prisma.sql`AND (occurred_at, id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`
    : Prisma.empty;
  return Prisma.sql`
    SELECT to_jsonb(log) AS row, occurred_at::text AS at FROM audit_logs AS log
     WHERE actor_id = ${actorId}::uuid ${since} ${before} ${behind}
     ORDER BY occurred_at DESC, id DESC LIMIT ${limit}`;
}

async function listOfActor(
  access: DatabaseAccess,
  request: { actorId: string; from: Date | null; until: Date | null } & PageRequest,
): Promise<KeysetPage<AuditLog>> {
  const size = pageSize(request);
  const query = auditByActorQuery({
    ...request,
    after: keyBefore(request, ['time', 'uuid']),
    limit: size + 1,
  });
  const rows = await access.query((prisma) => prisma.$queryRaw<{ row: AuditRow; at: string }[]>(query));
  return keysetPage(
    rows,
    size,
    ({ row, at }) => [at, row.id],
    ({ row }) => fromRow(row),
  );
}

function fromRow(row: AuditRow): AuditLog {
  const optional = {
    actorId: row.actor_id,
    actorName: row.actor_name,
    targetType: row.target_type,
    targetId: row.target_id,
    workspaceId: row.workspace_id,
    ip: row.ip,
    userAgent: row.user_agent,
    requestId: row.request_id,
    before: row.before,
    after: row.after,
  };
  const known = Object.fromEntries(
    Object.entries(optional)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => [name, fromPostgresJson(value)]),
  );
  return {
    id: row.id,
    chain: row.chain,
    sequence: row.sequence,
    occurredAt: new Date(row.occurred_at).toISOString(),
    actorKind: row.actor_kind,
    action: row.action,
    outcome: row.outcome,
    hash: row.hash,
    ...known,
  };
}
