import {
  scanParamsSchema,
  scanTotalsSchema,
  skippedPageSchema,
  type ReportFormat,
  type ReportState,
  type ScanParams,
  type ScanResult,
  type ScanStatus,
  type WaitsForWorker,
} from '@cookie-scanner/contracts';
import { Prisma } from './generated/client.ts';
import { fromPostgresText } from './postgres-text.ts';

/** What the API shows of a scan, as Prisma and `SHOWN_COLUMNS` give it. */
export interface ScanRow {
  id: string;
  requestedUrl: string;
  finalUrl: string | null;
  params: unknown;
  accessGiven: boolean;
  status: ScanStatus;
  statusReason: string | null;
  attempt: number;
  workerLabels: string[];
  poolMissingSince: Date | null;
  queuedAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
  durationMs: number | null;
  totals: unknown;
  skippedPages: unknown;
  reports: { format: ReportFormat; state: ReportState }[];
}

/** The columns of a `ScanRow` without its reports, of the table `scan_results AS scan`. */
export const OWN_COLUMNS = Prisma.sql`
  scan.id, scan.requested_url AS "requestedUrl", scan.final_url AS "finalUrl", scan.params,
  scan.access_given AS "accessGiven", scan.status,
  scan.status_reason AS "statusReason", scan.attempt, scan.worker_labels AS "workerLabels",
  scan.pool_missing_since AS "poolMissingSince", scan.queued_at AS "queuedAt", scan.started_at AS "startedAt",
  scan.finished_at AS "finishedAt", scan.duration_ms AS "durationMs", scan.totals,
  scan.skipped_pages AS "skippedPages"`;

/** The columns of a `ScanRow`, of the table `scan_results AS scan`. */
export const SHOWN_COLUMNS = Prisma.sql`${OWN_COLUMNS},
  coalesce((SELECT jsonb_agg(jsonb_build_object('format', report.format, 'state', report.state) ORDER BY report.format)
              FROM reports AS report WHERE report.scan_id = scan.id), '[]') AS reports`;

/** A scan as the API shows it. */
export function scanFromRow(row: ScanRow): ScanResult {
  return {
    id: row.id,
    requestedUrl: fromPostgresText(row.requestedUrl),
    finalUrl: row.finalUrl === null ? null : fromPostgresText(row.finalUrl),
    params: paramsFromRow(row.params),
    access: row.accessGiven ? 'set' : null,
    status: row.status,
    statusReason: row.statusReason === null ? null : fromPostgresText(row.statusReason),
    attempt: row.attempt,
    waitsForWorker: waitsForWorker(row),
    queuedAt: row.queuedAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
    durationMs: row.durationMs,
    totals: row.totals === null ? null : scanTotalsSchema.parse(row.totals),
    skippedPages: skippedPageSchema.array().parse(row.skippedPages),
    reports: row.reports.map(({ format, state }) => ({
      format,
      state,
      url: `/api/v1/scans/${row.id}/reports/${format}`,
    })),
  };
}

function waitsForWorker({ status, workerLabels, poolMissingSince }: ScanRow): WaitsForWorker | null {
  if (status !== 'queued' || poolMissingSince === null) return null;
  return { labels: workerLabels, since: poolMissingSince.toISOString() };
}

/** Made once: a new schema compiles itself when it parses for the first time. */
const storedParamsSchema = scanParamsSchema.strip();

/** The stored parameters of a scan. Parameters that only a newer version knows are left out. */
export function paramsFromRow(stored: unknown): ScanParams {
  return storedParamsSchema.parse(stored);
}
