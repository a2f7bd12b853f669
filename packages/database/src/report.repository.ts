import { buildReportQueue, type ReportFormat, type ReportState } from '@cookie-scanner/contracts';
import { AppError } from '@cookie-scanner/errors';
import { isMissingReference } from './database-error.ts';
import { boundTo } from './in-workspace.ts';
import type { Prisma, Report as ReportRow } from './generated/client.ts';
import { databaseAccess, type Database, type DatabaseAccess } from './open-database.ts';
import { pendingJob, writeOutbox } from './outbox-write.ts';
import { fromPostgresText, toBoundedText } from './postgres-text.ts';
import { scanFinishedJob } from './scan-finished-event.ts';
import { artifactFromColumns, type StoredArtifact } from './stored-artifact.ts';

/** One document about one scan. Those about more than one scan are no business of this repository. */
export interface Report {
  id: string;
  scanId: string;
  format: ReportFormat;
  state: ReportState;
  /** Set once the report is ready. */
  artifact: StoredArtifact | null;
  /** Set once the report has failed. */
  failureReason: string | null;
  /** ISO 8601. */
  createdAt: string;
}

/** Reports and where their files lie. Every method may be repeated without harm. */
export interface ReportRepository {
  /**
   * Records one queued report per format and asks for each to be built; formats the scan already has are left alone.
   *
   * @param again - the repetition that this belongs to: then all queued reports are asked for
   * @throws AppError SCAN_NOT_FOUND
   */
  createForScan(scanId: string, formats: readonly ReportFormat[], again?: string): Promise<void>;
  /** Null when unknown. */
  find(id: string): Promise<Report | null>;
  /** Null when the scan has no report of this format. */
  findByScan(scanId: string, format: ReportFormat): Promise<Report | null>;
  /**
   * Records where the finished file lies. With the last open report of a scan, people are told that the scan is over.
   *
   * @throws AppError REPORT_NOT_FOUND
   */
  markReady(id: string, result: { artifact: StoredArtifact }): Promise<void>;
  /**
   * Gives a report up. It counts as done for telling people, and a later `markReady` still makes it ready.
   *
   * @throws AppError REPORT_NOT_FOUND
   */
  markFailed(id: string, reason: string): Promise<void>;
}

/** The reports kept in a database. */
export function reportRepository(database: Database): ReportRepository {
  const access = databaseAccess(database);
  return {
    createForScan: (scanId, formats, again) => createForScan(access, scanId, formats, again),
    find: async (id) => {
      const row = await access.query((prisma) => prisma.report.findUnique({ where: { id } }));
      return row?.scanId == null ? null : fromRow(row, row.scanId);
    },
    findByScan: async (scanId, format) => {
      const row = await access.query((prisma) =>
        prisma.report.findFirst({ where: { scanId, format, ...boundTo(access) } }),
      );
      return row && fromRow(row, scanId);
    },
    markReady: (id, { artifact }) =>
      settle(access, id, ['queued', 'failed'], {
        state: 'ready',
        failureReason: null,
        artifactKey: artifact.key,
        artifactSha256: artifact.sha256,
        artifactSizeBytes: artifact.sizeBytes,
      }),
    markFailed: (id, reason) =>
      settle(access, id, ['queued'], {
        state: 'failed',
        failureReason: toBoundedText(reason === '' ? 'unknown' : reason),
      }),
  };
}

async function createForScan(
  access: DatabaseAccess,
  scanId: string,
  formats: readonly ReportFormat[],
  again: string | undefined,
): Promise<void> {
  try {
    await access.transaction(async (tx) => {
      const scan = await tx.scanResult.findUnique({ where: { id: scanId }, select: { workspaceId: true } });
      if (!scan) throw scanNotFound(scanId);
      const { workspaceId } = scan;
      const created = await tx.report.createManyAndReturn({
        data: formats.map((format) => ({ scanId, format, workspaceId })),
        select: { id: true },
        skipDuplicates: true,
      });
      const wanted =
        again === undefined
          ? created
          : await tx.report.findMany({ where: { scanId, state: 'queued' }, select: { id: true } });
      await writeOutbox(
        tx,
        wanted.map(({ id }) => pendingJob(buildReportQueue, { reportId: id, again })),
      );
    });
  } catch (error) {
    if (!isMissingReference(error)) throw error;
    throw scanNotFound(scanId, error);
  }
}

function scanNotFound(scanId: string, cause?: unknown): AppError {
  return new AppError('SCAN_NOT_FOUND', `scan ${scanId} does not exist`, { scanId }, { cause });
}

function settle(
  access: DatabaseAccess,
  id: string,
  from: ReportState[],
  change: Prisma.ReportUpdateManyMutationInput,
): Promise<void> {
  return access.transaction(async (tx) => {
    const report = await tx.report.findUnique({ where: { id }, select: { scanId: true } });
    const scanId = report?.scanId ?? null;
    if (scanId === null)
      throw new AppError('REPORT_NOT_FOUND', `report ${id} does not exist`, { reportId: id });
    // Reports of one scan settle one after the other, so that exactly one of them finds itself the last.
    await tx.$executeRaw`SELECT FROM scan_results WHERE id = ${scanId}::uuid FOR NO KEY UPDATE`;
    const { count } = await tx.report.updateMany({ where: { id, state: { in: from } }, data: change });
    if (count === 0) return;
    const open = await tx.report.count({ where: { scanId, state: 'queued' } });
    if (open === 0) await writeOutbox(tx, [scanFinishedJob(scanId)]);
  });
}

function fromRow(row: ReportRow, scanId: string): Report {
  return {
    id: row.id,
    scanId,
    format: row.format,
    state: row.state,
    artifact: artifactFromColumns(row.artifactKey, row.artifactSha256, row.artifactSizeBytes),
    failureReason: row.failureReason === null ? null : fromPostgresText(row.failureReason),
    createdAt: row.createdAt.toISOString(),
  };
}
