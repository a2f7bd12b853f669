import type { CategoryOverride, CategoryOverrideCreate } from '@cookie-scanner/contracts';
import type { AuditActor } from './audit-actor.ts';
import { writeAudit } from './audit.repository.ts';
import type { Prisma } from './generated/client.ts';
import { keyBefore, keysetPage, pageSize, type KeysetPage, type PageRequest } from './keyset.ts';
import { databaseAccess, type Database } from './open-database.ts';
import { fromPostgresText, toPostgresText } from './postgres-text.ts';

/** A decision and whose it is. */
export interface NewCategoryOverride extends CategoryOverrideCreate {
  readonly workspaceId: string;
}

/**
 * What workspaces decided that cookies are for. Every change is recorded in the audit log, in the transaction that makes
 * it. All methods throw AppError DATABASE_UNAVAILABLE when the database is.
 */
export interface CategoryOverrideRepository {
  /** Records a decision; one about the same name, match and domain is replaced and keeps its id. */
  put(override: NewCategoryOverride, by: AuditActor): Promise<CategoryOverride>;
  /** One page of the decisions of a workspace, in the order of their ids. */
  listOfWorkspace(overrides: { workspaceId: string } & PageRequest): Promise<KeysetPage<CategoryOverride>>;
  /** The decisions of the workspace that a scan belongs to; none for an unknown scan. */
  listForScan(scanId: string): Promise<CategoryOverride[]>;
  /** False when the workspace has no such decision. */
  remove(workspaceId: string, id: string, by: AuditActor): Promise<boolean>;
}

/** A row as Prisma reads it. */
interface OverrideRow {
  id: string;
  workspaceId: string;
  name: string;
  isPrefix: boolean;
  domain: string | null;
  category: CategoryOverride['category'] | 'unclassified';
  reason: string;
  createdBy: string | null;
  createdAt: Date;
  updatedAt: Date;
}

const BY_NAME = [{ name: 'asc' }, { domain: 'asc' }, { id: 'asc' }] as const;

/** The overrides kept in a database. */
export function categoryOverrideRepository(database: Database): CategoryOverrideRepository {
  const access = databaseAccess(database);
  return {
    async put({ workspaceId, name, match, domain, category, reason }, by) {
      const subject = { workspaceId, name: toPostgresText(name), isPrefix: match === 'prefix', domain };
      const createdBy = by.actorKind === 'user' ? (by.actorId ?? null) : null;
      const decision = { category, reason: toPostgresText(reason), createdBy };
      return access.transaction(async (tx) => {
        // Two who decide about the same cookies at the same time take turns.
        await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${workspaceId}, 0))`;
        const known = await tx.categoryOverride.findFirst({ where: subject });
        const row = known
          ? await tx.categoryOverride.update({ where: { id: known.id }, data: decision })
          : await tx.categoryOverride.create({ data: { ...subject, ...decision } });
        const change = { ...(known ? { before: fromRow(known) } : {}), after: fromRow(row) };
        await audit(tx, 'category_override.put', by, row, change);
        return fromRow(row);
      });
    },
    async listOfWorkspace({ workspaceId, ...page }) {
      const size = pageSize(page);
      const after = keyBefore(page, ['uuid']);
      const rows = await access.query((prisma) =>
        prisma.categoryOverride.findMany({
          where: { workspaceId, ...(after ? { id: { gt: after[0] } } : {}) },
          orderBy: { id: 'asc' },
          take: size + 1,
        }),
      );
      return keysetPage(rows, size, ({ id }) => [id], fromRow);
    },
    async listForScan(scanId) {
      const rows = await access.query((prisma) =>
        prisma.categoryOverride.findMany({
          where: { workspace: { scanResults: { some: { id: scanId } } } },
          orderBy: [...BY_NAME],
        }),
      );
      return rows.map(fromRow);
    },
    async remove(workspaceId, id, by) {
      return access.transaction(async (tx) => {
        const row = await tx.categoryOverride.findFirst({ where: { workspaceId, id } });
        if (!row) return false;
        await tx.categoryOverride.delete({ where: { id } });
        await audit(tx, 'category_override.delete', by, row, { before: fromRow(row) });
        return true;
      });
    },
  };
}

async function audit(
  tx: Prisma.TransactionClient,
  action: string,
  by: AuditActor,
  { id, workspaceId }: { id: string; workspaceId: string },
  change: { readonly before?: CategoryOverride; readonly after?: CategoryOverride },
): Promise<void> {
  const target = { targetType: 'category_override', targetId: id, workspaceId };
  await writeAudit(tx, {
    ...by,
    action,
    ...target,
    ...(change.before ? { before: { ...change.before } } : {}),
    ...(change.after ? { after: { ...change.after } } : {}),
  });
}

function fromRow({ isPrefix, category, ...row }: OverrideRow): CategoryOverride {
  if (category === 'unclassified') throw new Error(`override ${row.id} says nothing, against its check`);
  return {
    id: row.id,
    workspaceId: row.workspaceId,
    name: fromPostgresText(row.name),
    match: isPrefix ? 'prefix' : 'exact',
    domain: row.domain,
    category,
    reason: fromPostgresText(row.reason),
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
