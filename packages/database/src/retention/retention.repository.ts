import type { Prisma } from '../generated/client.ts';
import { databaseAccess, type Database, type DatabaseAccess } from '../open-database.ts';
import { oldestKept, type OldestKept } from './oldest-kept.ts';
import { PLAIN_TABLES, removeRows, type PlainTable } from './remove-rows.ts';
import { removeFilesOfScans, removeFilesWithValues, removeScans } from './remove-scans.ts';
import type { RetentionPeriods } from './retention-periods.ts';
import { isTurnOfRetention } from './turn-of-retention.ts';

/** What goes by age: a table, or the files of scans that stay. */
export type RetentionKind = 'scan_results' | 'scan_files' | 'scan_values' | PlainTable;

type Remove = (tx: Prisma.TransactionClient, periods: RetentionPeriods, limit: number) => Promise<number>;

interface Removal {
  readonly remove: Remove;
  /** Most that goes in one transaction: a scan takes some hundred rows of other tables along. */
  readonly batchSize: number;
}

/** In this order, so that what hangs on scans is seen after them. */
const REMOVALS: Readonly<Record<RetentionKind, Removal>> = {
  scan_values: { remove: removeFilesWithValues, batchSize: 500 },
  scan_files: { remove: removeFilesOfScans, batchSize: 500 },
  scan_results: { remove: removeScans, batchSize: 100 },
  ...(Object.fromEntries(
    PLAIN_TABLES.map((table) => [
      table,
      { batchSize: 1_000, remove: (tx, periods, limit) => removeRows(tx, table, periods, limit) },
    ]),
  ) as Record<PlainTable, Removal>),
};

/** All kinds, in the order in which they are to be removed. */
export const RETENTION_KINDS = Object.keys(REMOVALS) as RetentionKind[];

/** Files of rows that are gone. */
interface RemovedFiles {
  readonly id: string;
  /** Key of an artifact, or what the keys of several begin with. */
  readonly prefix: string;
}

/** What removes what is old. Several processes may use it at once; one of them works. */
export interface RetentionRepository {
  /**
   * Removes one batch of a kind in one short transaction. Whatever is interrupted, a batch is gone as a whole or not at all,
   * and what is left is found again.
   *
   * @returns how many went, and whether the batch was full, so that there may be more; null while another process removes
   */
  removeBatch(
    kind: RetentionKind,
    periods: RetentionPeriods,
  ): Promise<{ readonly removedCount: number; readonly isFull: boolean } | null>;
  /** Files whose rows are gone, the ones noted first first; at most so many. They are noted until they are forgotten. */
  listRemovedFiles(limit: number): Promise<RemovedFiles[]>;
  /** Says that these files are gone. */
  forgetRemovedFiles(ids: readonly string[]): Promise<void>;
  /** How old the oldest of each kind is that is kept. */
  oldestKept(): Promise<OldestKept>;
}

/** The removal of what is old in a database. */
export function retentionRepository(database: Database): RetentionRepository {
  const access = databaseAccess(database);
  return {
    removeBatch: (kind, periods) => removeBatch(access, kind, periods),
    listRemovedFiles: (limit) =>
      access.query((prisma) =>
        prisma.removedFiles.findMany({
          select: { id: true, prefix: true },
          orderBy: { createdAt: 'asc' },
          take: limit,
        }),
      ),
    forgetRemovedFiles: async (ids) => {
      await access.query((prisma) => prisma.removedFiles.deleteMany({ where: { id: { in: [...ids] } } }));
    },
    oldestKept: () => oldestKept(access),
  };
}

async function removeBatch(
  access: DatabaseAccess,
  kind: RetentionKind,
  periods: RetentionPeriods,
): Promise<{ removedCount: number; isFull: boolean } | null> {
  const { remove, batchSize } = REMOVALS[kind];
  return access.transaction(async (tx) => {
    if (!(await isTurnOfRetention(tx))) return null;
    const removedCount = await remove(tx, periods, batchSize);
    return { removedCount, isFull: removedCount === batchSize };
  });
}
