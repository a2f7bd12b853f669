import type { Confidence, FindingState, Severity } from '@cookie-scanner/contracts';
import { nullOr } from './bounded-rows.ts';
import { fromPostgresJson, fromPostgresText } from './postgres-text.ts';
import type { StoredFinding } from './stored-finding.ts';

/** A row of `findings` as JSON, in PostgreSQL's own names. */
export interface FindingRow {
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

/** A finding as a row keeps it. */
export function findingFromRow(row: FindingRow): StoredFinding {
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
