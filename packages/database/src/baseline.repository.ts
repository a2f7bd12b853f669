import { createHash } from 'node:crypto';
import {
  baselineApprovalSchema,
  baselineDetailSchema,
  type Baseline,
  type BaselineApproval,
  type BaselineApprovalCreate,
  type BaselineContent,
  type BaselineDetail,
} from '@cookie-scanner/contracts';
import type { AuditActor } from './audit-actor.ts';
import { writeAudit } from './audit.repository.ts';
import { approvalFromRow, baselineDetailFromRow, baselineFromRow } from './baseline-rows.ts';
import { Prisma } from './generated/client.ts';
import { boundTo } from './in-workspace.ts';
import { keyBefore, keysetPage, pageSize, type KeysetPage, type PageRequest } from './keyset.ts';
import { once, type OnceRequest } from './once.ts';
import { databaseAccess, type Database, type DatabaseAccess } from './open-database.ts';
import { toPostgresJson, toPostgresText } from './postgres-text.ts';

/** A state of a site to hold later scans against. */
export interface NewBaseline {
  /** The scan that shows it. */
  readonly scanId: string;
  readonly reason: string;
  readonly content: BaselineContent;
}

/** An approval with somebody who answers for it. */
export interface NewBaselineApproval extends Omit<BaselineApprovalCreate, 'owner'> {
  readonly owner: string;
}

/**
 * What sites may look like, and who answers for what differs. Every change is recorded in the audit log, in the
 * transaction that makes it.
 */
export interface BaselineRepository {
  /** Makes it the active one of the site, and retires the one before. Null when the scan is unknown or of no site. */
  create(baseline: NewBaseline, by: AuditActor, request?: OnceRequest): Promise<BaselineDetail | null>;
  /** Null for the unknown. */
  find(id: string): Promise<BaselineDetail | null>;
  /** The active baseline of the site that a scan is of; null when it has none. */
  activeForScan(scanId: string): Promise<BaselineDetail | null>;
  /** The newest first; null stands for every site. */
  list(baselines: { domain: string | null } & PageRequest): Promise<KeysetPage<Baseline>>;
  /** False when there is none. */
  remove(id: string, by: AuditActor): Promise<boolean>;
  /** Approves something, in place of an earlier approval of the same; null when there is no such baseline. */
  approve(
    baselineId: string,
    approval: NewBaselineApproval,
    by: AuditActor,
    request?: OnceRequest,
  ): Promise<BaselineApproval | null>;
  /** Takes an approval back. False when the baseline has none with this id. */
  withdraw(baselineId: string, approvalId: string, by: AuditActor): Promise<boolean>;
}

const WITH_APPROVALS = {
  approvals: { orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] },
} satisfies Prisma.BaselineInclude;

/** The baselines kept in a database. */
export function baselineRepository(database: Database): BaselineRepository {
  const access = databaseAccess(database);
  const findOne = async (where: Prisma.BaselineWhereInput): Promise<BaselineDetail | null> => {
    const row = await access.query((prisma) =>
      prisma.baseline.findFirst({ where: { ...where, ...boundTo(access) }, include: WITH_APPROVALS }),
    );
    return row && baselineDetailFromRow(row);
  };
  return {
    create: (baseline, by, request) => createBaseline(access, baseline, by, request),
    find: (id) => findOne({ id }),
    async activeForScan(scanId) {
      const scan = await access.query((prisma) =>
        prisma.scanResult.findFirst({ where: { id: scanId, ...boundTo(access) } }),
      );
      if (scan?.domain === undefined || scan.domain === null) return null;
      return findOne({ workspaceId: scan.workspaceId, domain: scan.domain, state: 'active' });
    },
    list: (baselines) => listBaselines(access, baselines),
    remove: (id, by) => removeBaseline(access, id, by),
    approve: (baselineId, approval, by, request) => approve(access, baselineId, approval, by, request),
    withdraw: (baselineId, approvalId, by) => withdraw(access, baselineId, approvalId, by),
  };
}

async function createBaseline(
  access: DatabaseAccess,
  baseline: NewBaseline,
  by: AuditActor,
  request: OnceRequest | undefined,
): Promise<BaselineDetail | null> {
  return access.transaction(async (tx) => {
    const scan = await tx.scanResult.findFirst({
      where: { id: baseline.scanId, ...boundTo(access) },
      select: { domain: true, workspaceId: true },
    });
    if (!scan || scan.domain === null) return null;
    const site = { workspaceId: scan.workspaceId, domain: scan.domain };
    return once(tx, site.workspaceId, request, baselineDetailSchema, () => layDown(tx, site, baseline, by));
  });
}

async function layDown(
  tx: Prisma.TransactionClient,
  site: { workspaceId: string; domain: string },
  { scanId, reason, content }: NewBaseline,
  by: AuditActor,
): Promise<BaselineDetail> {
  // Two who lay one down for the same site at the same time take turns.
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`${site.workspaceId} ${site.domain}`}, 0))`;
  await tx.baseline.updateMany({
    where: { ...site, state: 'active' },
    data: { state: 'retired', retiredAt: new Date() },
  });
  const row = await tx.baseline.create({
    data: {
      ...site,
      scanId,
      note: toPostgresText(reason),
      content: toPostgresJson(content) as Prisma.InputJsonObject,
      createdBy: userOf(by),
    },
    include: WITH_APPROVALS,
  });
  const target = { targetType: 'baseline', targetId: row.id, workspaceId: row.workspaceId };
  const after = { domain: site.domain, scanId, reason };
  await writeAudit(tx, { ...by, action: 'baseline.create', ...target, after });
  return baselineDetailFromRow(row);
}

async function listBaselines(
  access: DatabaseAccess,
  { domain, ...request }: { domain: string | null } & PageRequest,
): Promise<KeysetPage<Baseline>> {
  const size = pageSize(request);
  const after = keyBefore(request, ['time', 'uuid']);
  const { workspaceId } = boundTo(access);
  const conditions = [
    ...(workspaceId === undefined ? [] : [Prisma.sql`workspace_id = ${workspaceId}::uuid`]),
    ...(domain === null ? [] : [Prisma.sql`domain = ${domain}`]),
    ...(after ? [Prisma.sql`(created_at, id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`] : []),
  ];
  const where =
    conditions.length === 0 ? Prisma.empty : Prisma.sql`WHERE ${Prisma.join(conditions, ' AND ')}`;
  const keys = await access.query(
    (prisma) => prisma.$queryRaw<{ id: string; at: string }[]>`
      SELECT id, created_at::text AS at FROM baselines ${where}
       ORDER BY created_at DESC, id DESC LIMIT ${size + 1}`,
  );
  const page = keysetPage(
    keys,
    size,
    ({ at, id }) => [at, id],
    ({ id }) => id,
  );
  const rows = await access.query((prisma) =>
    prisma.baseline.findMany({ where: { id: { in: page.items } }, omit: { content: true } }),
  );
  const found = new Map(rows.map((row) => [row.id, row]));
  const items = page.items.flatMap((id) => found.get(id) ?? []).map(baselineFromRow);
  return { items, nextCursor: page.nextCursor };
}

async function removeBaseline(access: DatabaseAccess, id: string, by: AuditActor): Promise<boolean> {
  return access.transaction(async (tx) => {
    const row = await tx.baseline.findFirst({
      where: { id, ...boundTo(access) },
      omit: { content: true },
    });
    if (!row) return false;
    await tx.baseline.delete({ where: { id } });
    const target = { targetType: 'baseline', targetId: id, workspaceId: row.workspaceId };
    const before = { domain: row.domain, scanId: row.scanId };
    await writeAudit(tx, { ...by, action: 'baseline.delete', ...target, before });
    return true;
  });
}

async function approve(
  access: DatabaseAccess,
  baselineId: string,
  approval: NewBaselineApproval,
  by: AuditActor,
  request: OnceRequest | undefined,
): Promise<BaselineApproval | null> {
  return access.transaction(async (tx) => {
    const baseline = await tx.baseline.findFirst({
      where: { id: baselineId, ...boundTo(access) },
      select: { id: true, workspaceId: true },
    });
    if (!baseline) return null;
    return once(tx, baseline.workspaceId, request, baselineApprovalSchema, () =>
      putApproval(tx, baseline, approval, by),
    );
  });
}

async function putApproval(
  tx: Prisma.TransactionClient,
  { id: baselineId, workspaceId }: { id: string; workspaceId: string },
  { subject, owner, reason, expiresAt }: NewBaselineApproval,
  by: AuditActor,
): Promise<BaselineApproval> {
  const subjectHash = createHash('sha256').update(subject).digest('hex');
  const decision = {
    owner: toPostgresText(owner),
    reason: toPostgresText(reason),
    expiresAt: expiresAt === null ? null : new Date(expiresAt),
    approvedBy: userOf(by),
  };
  const key = { baselineId, subjectHash };
  const before = await tx.baselineApproval.findUnique({ where: { baselineId_subjectHash: key } });
  const row = await tx.baselineApproval.upsert({
    where: { baselineId_subjectHash: key },
    create: { ...key, ...decision, workspaceId, subject: toPostgresText(subject) },
    update: decision,
  });
  await writeAudit(tx, {
    ...by,
    action: 'baseline.approve',
    ...targetOf(row),
    ...(before ? { before: approvalFromRow(before) } : {}),
    after: approvalFromRow(row),
  });
  return approvalFromRow(row);
}

async function withdraw(
  access: DatabaseAccess,
  baselineId: string,
  id: string,
  by: AuditActor,
): Promise<boolean> {
  return access.transaction(async (tx) => {
    const row = await tx.baselineApproval.findFirst({ where: { id, baselineId, ...boundTo(access) } });
    if (!row) return false;
    await tx.baselineApproval.delete({ where: { id } });
    const action = 'baseline.withdraw_approval';
    await writeAudit(tx, { ...by, action, ...targetOf(row), before: approvalFromRow(row) });
    return true;
  });
}

function targetOf({ baselineId, workspaceId }: { baselineId: string; workspaceId: string }) {
  return { targetType: 'baseline', targetId: baselineId, workspaceId };
}

/** The account that does it; null when a program or nobody does. */
function userOf(by: AuditActor): string | null {
  return by.actorKind === 'user' ? (by.actorId ?? null) : null;
}
