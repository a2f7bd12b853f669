import type { Finding, FindingState, FindingUpdate, Severity } from '@cookie-scanner/contracts';
import { AppError } from '@cookie-scanner/errors';
import type { AuditActor } from './audit-actor.ts';
import { decideFinding, findFinding } from './finding-decision.ts';
import { findingFromStored } from './finding-content.ts';
import type { NewFinding, StoredFinding } from './stored-finding.ts';
import { Prisma } from './generated/client.ts';
import { keyBefore, keysetPage, pageSize, type KeysetPage, type PageRequest } from './keyset.ts';
import { databaseAccess, type Database, type DatabaseAccess } from './open-database.ts';
import { findingFromRow, type FindingRow } from './finding-rows.ts';
import { toBoundedText, toPostgresJson } from './postgres-text.ts';
import type { Precondition } from './precondition.ts';

/** The findings of scans. */
export interface FindingRepository {
  /**
   * Makes these the findings of a finished scan. A finding it has already keeps its id and what was decided about it; a
   * new one takes over what was decided last about the same matter in a scan of the same site, unless that was
   * `resolved`: it is there again. Findings that the scan should not have any more are removed.
   *
   * @throws AppError SCAN_NOT_FOUND, SCAN_NOT_FINISHED
   */
  replaceForScan(scanId: string, findings: readonly NewFinding[]): Promise<void>;
  /** The findings of a scan, the gravest first, then by rule; empty for an unknown scan. */
  listOfScan(scanId: string, page: PageRequest): Promise<KeysetPage<Finding>>;
  /** The findings of a workspace, the gravest first, then the newest; null stands for every severity or state. */
  listOfWorkspace(
    findings: { workspaceId: string; severity: Severity | null; state: FindingState | null } & PageRequest,
  ): Promise<KeysetPage<StoredFinding>>;
  /** Null for the unknown. */
  find(id: string): Promise<Finding | null>;
  /**
   * Records what somebody decided, in the audit log too; null when there is no such finding.
   *
   * @param precondition - throws when the finding is not any more what the decision is about
   */
  decide(
    id: string,
    decision: FindingUpdate,
    by: AuditActor,
    precondition?: Precondition<Finding>,
  ): Promise<Finding | null>;
}

/** The findings kept in a database. */
export function findingRepository(database: Database): FindingRepository {
  const access = databaseAccess(database);
  return {
    replaceForScan: (scanId, findings) => replaceForScan(access, scanId, findings),
    listOfScan: (scanId, page) => listOfScan(access, scanId, page),
    listOfWorkspace: (findings) => listOfWorkspace(access, findings),
    find: (id) => access.query((prisma) => findFinding(prisma, access, id)),
    decide: (id, decision, by, precondition) => decideFinding(access, id, { decision, by, precondition }),
  };
}

/** Findings of a workspace behind one of them. */
export function findingsBySeverityQuery(findings: {
  workspaceId: string;
  severity: Severity | null;
  state: FindingState | null;
  after: readonly [severity: string, at: string, id: string] | null;
  limit: number;
}): Prisma.Sql {
  const { workspaceId, severity, state, after, limit } = findings;
  const ofSeverity = severity === null ? Prisma.empty : Prisma.sql`AND severity = ${severity}::severity`;
  const inState = state === null ? Prisma.empty : Prisma.sql`AND state = ${state}::finding_state`;
  const behind = after
    ? Prisma.sql`
      AND (severity, scanned_at, id) < (${after[0]}::severity, ${after[1]}::timestamptz, ${after[2]}::uuid)`
    : Prisma.empty;
  return Prisma.sql`
    SELECT to_jsonb(finding) AS row, scanned_at::text AS at FROM findings AS finding
     WHERE workspace_id = ${workspaceId}::uuid ${ofSeverity} ${inState} ${behind}
     ORDER BY severity DESC, scanned_at DESC, id DESC LIMIT ${limit}`;
}

/** Findings of a scan behind one of them. */
function findingsOfScanQuery(findings: {
  scanId: string;
  after: readonly [severity: string, rule: string, fingerprint: string] | null;
  limit: number;
}): Prisma.Sql {
  const { scanId, after, limit } = findings;
  const behind = after
    ? Prisma.sql`
      AND (severity < ${after[0]}::severity
        OR severity = ${after[0]}::severity AND (rule, fingerprint) > (${after[1]}, ${after[2]}))`
    : Prisma.empty;
  return Prisma.sql`
    SELECT to_jsonb(finding) AS row, scanned_at::text AS at FROM findings AS finding
     WHERE scan_id = ${scanId}::uuid
       AND scanned_at = (SELECT finished_at FROM scan_results WHERE id = ${scanId}::uuid) ${behind}
     ORDER BY severity DESC, rule, fingerprint LIMIT ${limit}`;
}

async function listOfScan(
  access: DatabaseAccess,
  scanId: string,
  request: PageRequest,
): Promise<KeysetPage<Finding>> {
  const size = pageSize(request);
  const after = keyBefore(request, ['word', 'slug', 'sha256']);
  const query = findingsOfScanQuery({ scanId, after, limit: size + 1 });
  const rows = await access.query((prisma) => prisma.$queryRaw<{ row: FindingRow }[]>(query));
  return keysetPage(
    rows,
    size,
    ({ row }) => [row.severity, row.rule, row.fingerprint],
    ({ row }) => findingFromStored(findingFromRow(row)),
  );
}

async function replaceForScan(
  access: DatabaseAccess,
  scanId: string,
  findings: readonly NewFinding[],
): Promise<void> {
  const rows = JSON.stringify(
    findings.map((finding) => ({
      ...finding,
      title: toBoundedText(finding.title),
      detail: toPostgresJson(finding.detail),
    })),
  );
  await access.transaction(async (tx) => {
    const [scan] = await tx.$queryRaw<{ at: string | null }[]>`
      SELECT finished_at::text AS at FROM scan_results WHERE id = ${scanId}::uuid FOR NO KEY UPDATE`;
    if (!scan) throw new AppError('SCAN_NOT_FOUND', `scan ${scanId} does not exist`, { scanId });
    if (scan.at === null)
      throw new AppError('SCAN_NOT_FINISHED', `scan ${scanId} is not finished`, { scanId });
    await tx.$executeRaw`
      DELETE FROM findings
       WHERE scan_id = ${scanId}::uuid AND scanned_at = ${scan.at}::timestamptz
         AND NOT fingerprint = ANY(${findings.map(({ fingerprint }) => fingerprint)})`;
    await tx.$executeRaw`
      INSERT INTO findings (
        scan_id, scanned_at, workspace_id, rule, fingerprint, severity, confidence, title, detail,
        state, decided_by, decided_at, decision_note)
      SELECT scan.id, scan.finished_at, scan.workspace_id, r.*,
             coalesce(last.state, 'open'), last.decided_by, last.decided_at, last.decision_note
        FROM scan_results AS scan
       CROSS JOIN jsonb_to_recordset(${rows}::jsonb) AS r(
               rule text, fingerprint text, severity severity, confidence confidence, title text, detail jsonb)
        LEFT JOIN LATERAL (
               SELECT decided.state, decided.decided_by, decided.decided_at, decided.decision_note
                 FROM findings AS decided JOIN scan_results AS earlier ON earlier.id = decided.scan_id
                WHERE decided.workspace_id = scan.workspace_id AND decided.fingerprint = r.fingerprint
                  AND decided.decided_at IS NOT NULL AND earlier.domain = scan.domain
                ORDER BY decided.decided_at DESC LIMIT 1) AS last ON last.state <> 'resolved'
       WHERE scan.id = ${scanId}::uuid
      ON CONFLICT (scan_id, fingerprint, scanned_at) DO UPDATE
         SET rule = excluded.rule, severity = excluded.severity, confidence = excluded.confidence,
             title = excluded.title, detail = excluded.detail`;
  });
}

async function listOfWorkspace(
  access: DatabaseAccess,
  request: { workspaceId: string; severity: Severity | null; state: FindingState | null } & PageRequest,
): Promise<KeysetPage<StoredFinding>> {
  const size = pageSize(request);
  const after = keyBefore(request, ['word', 'time', 'uuid']);
  const query = findingsBySeverityQuery({ ...request, after, limit: size + 1 });
  const rows = await access.query((prisma) => prisma.$queryRaw<{ row: FindingRow; at: string }[]>(query));
  return keysetPage(
    rows,
    size,
    ({ row, at }) => [row.severity, at, row.id],
    ({ row }) => findingFromRow(row),
  );
}
