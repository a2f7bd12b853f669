import type { CategoryOverride, CategoryOverrideCreate } from '@cookie-scanner/contracts';
import { databaseAccess, type Database } from './open-database.ts';
import { fromPostgresText, toPostgresText } from './postgres-text.ts';

/** A decision and whose it is. */
export interface NewCategoryOverride extends CategoryOverrideCreate {
  readonly workspaceId: string;
  /** Left out where nobody is known to have decided. */
  readonly createdBy?: string;
}

/** What workspaces decided that cookies are for. All methods throw AppError DATABASE_UNAVAILABLE when the database is. */
export interface CategoryOverrideRepository {
  /** Records a decision; one about the same name, match and domain is replaced and keeps its id. */
  put(override: NewCategoryOverride): Promise<CategoryOverride>;
  /** The decisions of a workspace, by name. */
  listOfWorkspace(workspaceId: string): Promise<CategoryOverride[]>;
  /** The decisions of the workspace that a scan belongs to; none for an unknown scan. */
  listForScan(scanId: string): Promise<CategoryOverride[]>;
  /** False when the workspace has no such decision. */
  remove(workspaceId: string, id: string): Promise<boolean>;
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
    async put({ workspaceId, createdBy, name, match, domain, category, reason }) {
      const subject = { workspaceId, name: toPostgresText(name), isPrefix: match === 'prefix', domain };
      const decision = { category, reason: toPostgresText(reason), createdBy: createdBy ?? null };
      return access.transaction(async (tx) => {
        // Two who decide about the same cookies at the same time take turns.
        await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${workspaceId}, 0))`;
        const known = await tx.categoryOverride.findFirst({ where: subject });
        const row = known
          ? await tx.categoryOverride.update({ where: { id: known.id }, data: decision })
          : await tx.categoryOverride.create({ data: { ...subject, ...decision } });
        return fromRow(row);
      });
    },
    async listOfWorkspace(workspaceId) {
      const rows = await access.query((prisma) =>
        prisma.categoryOverride.findMany({ where: { workspaceId }, orderBy: [...BY_NAME] }),
      );
      return rows.map(fromRow);
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
    async remove(workspaceId, id) {
      const { count } = await access.query((prisma) =>
        prisma.categoryOverride.deleteMany({ where: { workspaceId, id } }),
      );
      return count > 0;
    },
  };
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
