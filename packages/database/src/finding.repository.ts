import type { Confidence, Finding, FindingState, Severity } from '@cookie-scanner/contracts';
import { AppError } from '@cookie-scanner/errors';
import { nullOr } from './bounded-rows.ts';
import { findingFromStored } from './finding-content.ts';
import type { NewFinding, StoredFinding } from './stored-finding.ts';
import { Prisma } from './generated/client.ts';
import { keyBefore, keysetPage, pageSize, type KeysetPage, type PageRequest } from './keyset.ts';
import { databaseAccess, type Database, type DatabaseAccess } from './open-database.ts';
import { fromPostgresJson, fromPostgresText, toBoundedText, toPostgresJson } from './postgres-text.ts';

/** The findings of scans. */
export interface FindingRepository {
  /**
   * Makes these the findings of a finished scan, in one round trip. A finding it has already keeps its id and what was
   * decided about it; those it should not have any more are removed.
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
  /** Records a decision. False when the workspace has no such finding. */
  decide(decision: {
    workspaceId: string;
    id: string;
    state: Exclude<FindingState, 'open'>;
    decidedBy: string | null;
    note: string | null;
  }): Promise<boolean>;
}

/** A row of `findings` as JSON, in PostgreSQL's own names. */
interface FindingRow {
  id: string;
  scan_id: string;
  scanned_at: string;
  rule: string;
  fingerprint: string;
  severity: Severity;
  confidence: Confidence;
  state: FindingState;
  title: string;
  detail: Record<string, unknown>;
  decided_by: string | null;
  decided_at: string | null;
  decision_note: string | null;
  created_at: string;
  updated_at: string;
}

/** The findings kept in a database. */
export function findingRepository(database: Database): FindingRepository {
  const access = databaseAccess(database);
  return {
    replaceForScan: (scanId, findings) => replaceForScan(access, scanId, findings),
    listOfScan: (scanId, page) => listOfScan(access, scanId, page),
    listOfWorkspace: (findings) => listOfWorkspace(access, findings),
    decide: async ({ workspaceId, id, state, decidedBy, note }) => {
      const count = await access.query(
        (prisma) => prisma.$executeRaw`
          UPDATE findings
             SET state = ${state}::finding_state, decided_by = ${decidedBy}::uuid, decided_at = now(),
                 decision_note = ${note === null || note === '' ? null : toBoundedText(note)}
           WHERE id = ${id}::uuid AND workspace_id = ${workspaceId}::uuid`,
      );
      return count > 0;
    },
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
    ({ row }) => findingFromStored(fromRow(row)),
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
        scan_id, scanned_at, workspace_id, rule, fingerprint, severity, confidence, title, detail)
      SELECT scan.id, scan.finished_at, scan.workspace_id, r.*
        FROM scan_results AS scan,
             jsonb_to_recordset(${rows}::jsonb) AS r(
               rule text, fingerprint text, severity severity, confidence confidence, title text, detail jsonb)
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
    ({ row }) => fromRow(row),
  );
}

function fromRow(row: FindingRow): StoredFinding {
  return {
    id: row.id,
    scanId: row.scan_id,
    scannedAt: new Date(row.scanned_at).toISOString(),
    rule: row.rule,
    fingerprint: row.fingerprint,
    severity: row.severity,
    confidence: row.confidence,
    state: row.state,
    title: fromPostgresText(row.title),
    detail: fromPostgresJson(row.detail) as Record<string, unknown>,
    decidedBy: row.decided_by,
    decidedAt: row.decided_at === null ? null : new Date(row.decided_at).toISOString(),
    decisionNote: nullOr(fromPostgresText, row.decision_note),
    createdAt: new Date(row.created_at).toISOString(),
    updatedAt: new Date(row.updated_at).toISOString(),
  };
}
