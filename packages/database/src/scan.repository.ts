import {
  type ComplianceMetrics,
  type CookieClassification,
  type CookiePage,
  type StorageItemPage,
  type ScanResult,
} from '@cookie-scanner/contracts';
import { analysisOf, classificationsOf, recordAnalysis, type ScanAnalysis } from './scan-analysis.ts';
import type { AuditActor } from './audit-actor.ts';
import { attemptsOfScans, type ScanAttempts } from './scan-attempts.ts';
import { classifyCookies, type PositionedClassification } from './cookie-classification.ts';
import { listCookies, type CookiePageRequest } from './cookie-rows.ts';
import { Prisma } from './generated/client.ts';
import { boundTo } from './in-workspace.ts';
import type { KeysetPage, PageRequest } from './keyset.ts';
import { databaseAccess, type Database, type DatabaseAccess } from './open-database.ts';
import { createScan, type NewScan } from './scan-create.ts';
import { cancelScan, deleteScan, type CancelOutcome } from './scan-end-by-people.ts';
import { finishScan, finishScanWithoutResult, type FinishOutcome, type FinishedScan } from './scan-finish.ts';
import {
  claimScan,
  releaseScanClaim,
  renewScanLease,
  type ClaimOptions,
  type ScanClaim,
} from './scan-lease.ts';
import { reofferFollowUps, type FollowUpOptions } from './scan-follow-up.ts';
import { checkPools, poollessScans, type PoolCheck } from './scan-pools.ts';
import { reofferStaleScans, type ReofferedScans, type ReofferOptions } from './scan-reoffer.ts';
import { judgeScanAgain } from './scan-judge-again.ts';
import { listObservedScans, listScansOfDomain, searchScans, type ScanFilter } from './scan-lists.ts';
import { scanFromRow, SHOWN_COLUMNS, type ScanRow } from './scan-rows.ts';
import { classifyStorage } from './storage-classification.ts';
import { listStorage } from './storage-rows.ts';
import { artifactFromColumns, type StoredArtifact } from './stored-artifact.ts';

/**
 * Scans and their cookies: the only record of what was asked and what came out.
 *
 * All times are PostgreSQL's. Every method throws AppError DATABASE_UNAVAILABLE when the database is.
 */
export interface ScanRepository {
  /** Records a scan as queued and, in the same transaction, the request to run it. */
  create(scan: NewScan): Promise<ScanResult>;
  /** Null when unknown. */
  find(id: string): Promise<ScanResult | null>;
  /**
   * Ends a scan that waits or runs; whatever its worker brings after that is refused. Null when unknown.
   *
   * @returns `cancelled_before` or `ended_before` when there was nothing to end
   */
  cancel(id: string, by: AuditActor): Promise<CancelOutcome | null>;
  /**
   * Removes a scan that has ended, with all that was found.
   *
   * @returns keys of the files that are of no use any more; null when unknown
   * @throws AppError SCAN_NOT_FINISHED while it waits or runs
   */
  remove(id: string, by: AuditActor): Promise<string[] | null>;
  /** Takes a scan to work on it. Of several who try at once, one gets it. */
  claim(id: string, options: ClaimOptions): Promise<ScanClaim>;
  /** Shows that the attempt is alive. False when it lost the scan: stop working and write nothing. */
  renewLease(id: string, lease: { attempt: number; leaseMs: number }): Promise<boolean>;
  /**
   * Hands a scan back so that another worker may take it, at no cost in attempts. The job that brought it, or the
   * reconciler, offers it again. False when the attempt had lost the scan already.
   */
  releaseClaim(id: string, claim: { attempt: number }): Promise<boolean>;
  /** Stores result and cookies and asks for the analysis, atomically; `fenced` means that nothing was written. */
  finish(id: string, result: FinishedScan): Promise<FinishOutcome>;
  /** Ends a scan without an observation, by a fault of ours. */
  finishWithoutResult(
    id: string,
    end: { attempt: number; status: 'failed'; statusReason: string },
  ): Promise<FinishOutcome>;
  /**
   * Cookies in the order of the observation, all or those of one category, at most 1,000 a page; null when the scan is
   * unknown.
   *
   * @throws AppError INPUT_INVALID for a cursor that no earlier page gave out
   * @throws AppError SCAN_DETAILS_EXPIRED when retention removed the cookies
   */
  listCookies(scanId: string, page: CookiePageRequest): Promise<CookiePage | null>;
  /** What was found in client-side storage beside cookies, in the same way and with the same errors. */
  listStorage(scanId: string, page: PageRequest): Promise<StorageItemPage | null>;
  /**
   * Notes what cookies of a scan are for, in one round trip. Positions that the scan does not have are left out.
   *
   * @returns how many cookies were marked
   */
  classifyCookies(scanId: string, classifications: readonly PositionedClassification[]): Promise<number>;
  /** The same for storage items. */
  classifyStorage(scanId: string, classifications: readonly PositionedClassification[]): Promise<void>;
  /** What the cookies of a scan were held to be for when it was analysed last, in their order; null for "never". */
  classificationsOf(scanId: string): Promise<(CookieClassification | null)[]>;
  /** Notes what the analysis of a scan measured. False when there is no such scan. */
  recordAnalysis(
    scanId: string,
    analysis: { metrics: ComplianceMetrics; knowledgeVersion: string },
  ): Promise<boolean>;
  /**
   * Asks for a finished scan to be judged again, and for its reports to be made anew. False when unknown.
   *
   * @throws AppError SCAN_NOT_FINISHED, ARTIFACT_NOT_FOUND when it ended without an observation
   */
  judgeAgain(id: string, by: AuditActor): Promise<boolean>;
  /** What was measured of a scan; null when there is no such scan, nulls inside until it is analysed. */
  analysisOf(scanId: string): Promise<ScanAnalysis | null>;
  /** The newest finished scan of a domain, whatever its outcome; null when there is none. */
  findLatestOfDomain(workspaceId: string, domain: string): Promise<ScanResult | null>;
  /** The finished scans of a domain, newest first. */
  listOfDomain(scans: { workspaceId: string; domain: string } & PageRequest): Promise<KeysetPage<ScanResult>>;
  /** The ids of all finished scans that left an observation, whatever their workspace, oldest first. */
  listObserved(page: PageRequest): Promise<KeysetPage<string>>;
  /** The scans of a workspace that a filter lets through, the last submitted first. */
  search(scans: ScanFilter & { workspaceId: string } & PageRequest): Promise<KeysetPage<ScanResult>>;
  /**
   * Where the observation lies, whether it carries values, and whether retention removed it; null without one or for an
   * unknown scan.
   */
  observationArtifact(
    id: string,
  ): Promise<(StoredArtifact & { valuesKept: boolean; isExpired: boolean }) | null>;
  /** Offers lost scans again and gives up those that keep losing their workers. */
  reofferStale(options: ReofferOptions): Promise<ReofferedScans>;
  /**
   * Offers what should follow the end of a scan again (analysis, reports, telling people) where it was lost on the way.
   * Looks at each scan until all of it is done; returns for how many something was offered.
   */
  reofferFollowUps(options: FollowUpOptions): Promise<number>;
  /** The attempts of these scans; unknown ones are missing in the answer. */
  attemptsOf(ids: readonly string[]): Promise<ScanAttempts[]>;
  /** Notes on waiting scans whether a worker has the labels that they ask for, and offers those that waited for one. */
  checkPools(limit: number): Promise<PoolCheck>;
  /** How many scans wait for a worker that is not there, and for how many milliseconds the first one does. */
  poolless(): Promise<{ count: number; ageMs: number }>;
  /** Milliseconds that the oldest queued scan that some worker may take has waited since it was submitted; null when none waits. */
  oldestQueuedAgeMs(): Promise<number | null>;
}

/** The scans kept in a database. */
export function scanRepository(database: Database): ScanRepository {
  const access = databaseAccess(database);
  return {
    create: (scan) => createScan(access, scan),
    find: (id) => findScan(access, id),
    cancel: (id, by) => cancelScan(access, id, by),
    remove: (id, by) => deleteScan(access, id, by),
    claim: (id, options) => claimScan(access, id, options),
    renewLease: (id, lease) => renewScanLease(access, id, lease),
    releaseClaim: (id, claim) => releaseScanClaim(access, id, claim),
    finish: (id, result) => finishScan(access, id, result),
    finishWithoutResult: (id, end) => finishScanWithoutResult(access, id, end),
    listCookies: (scanId, page) => listCookies(access, scanId, page),
    listStorage: (scanId, page) => listStorage(access, scanId, page),
    classifyCookies: (scanId, classifications) => classifyCookies(access, scanId, classifications),
    classifyStorage: (scanId, classifications) => classifyStorage(access, scanId, classifications),
    classificationsOf: (scanId) => classificationsOf(access, scanId),
    recordAnalysis: (scanId, analysis) => recordAnalysis(access, scanId, analysis),
    judgeAgain: (id, by) => judgeScanAgain(access, id, by),
    analysisOf: (scanId) => analysisOf(access, scanId),
    findLatestOfDomain: async (workspaceId, domain) => {
      const page = await listScansOfDomain(access, { workspaceId, domain, cursor: null, limit: 1 });
      return page.items[0] ?? null;
    },
    listOfDomain: (scans) => listScansOfDomain(access, scans),
    listObserved: (page) => listObservedScans(access, page),
    search: (scans) => searchScans(access, scans),
    observationArtifact: (id) => observationArtifact(access, id),
    reofferStale: (options) => reofferStaleScans(access, options),
    reofferFollowUps: (options) => reofferFollowUps(access, options),
    attemptsOf: (ids) => attemptsOfScans(access, ids),
    checkPools: (limit) => checkPools(access, limit),
    poolless: () => poollessScans(access),
    oldestQueuedAgeMs: () => oldestQueuedAgeMs(access),
  };
}

async function findScan(access: DatabaseAccess, id: string): Promise<ScanResult | null> {
  const { workspaceId } = access;
  const bound =
    workspaceId === null ? Prisma.empty : Prisma.sql`AND scan.workspace_id = ${workspaceId}::uuid`;
  const query = Prisma.sql`
    SELECT ${SHOWN_COLUMNS} FROM scan_results AS scan WHERE scan.id = ${id}::uuid ${bound}`;
  const name = workspaceId === null ? 'find-scan' : 'find-scan-in-workspace';
  const [row] = await access.select<ScanRow>(query, name);
  return row ? scanFromRow(row) : null;
}

async function observationArtifact(
  access: DatabaseAccess,
  id: string,
): Promise<(StoredArtifact & { valuesKept: boolean; isExpired: boolean }) | null> {
  const row = await access.query((prisma) =>
    prisma.scanResult.findFirst({ where: { id, ...boundTo(access) } }),
  );
  if (!row) return null;
  const artifact = artifactFromColumns(row.observationKey, row.observationSha256, row.observationSizeBytes);
  return artifact && { ...artifact, valuesKept: row.valuesKept, isExpired: row.filesRemovedAt !== null };
}

async function oldestQueuedAgeMs(access: DatabaseAccess): Promise<number | null> {
  const rows = await access.query(
    (prisma) => prisma.$queryRaw<{ age_ms: number | null }[]>`
      SELECT extract(epoch FROM now() - min(queued_at))::float8 * 1000 AS age_ms
        FROM scan_results WHERE status = 'queued' AND pool_missing_since IS NULL`,
  );
  return rows[0]?.age_ms ?? null;
}
