import {
  scanParamsSchema,
  scanTotalsSchema,
  skippedPageSchema,
  type ScanParams,
  type ScanResult,
} from '@cookie-scanner/contracts';
import type { Prisma } from './generated/client.ts';
import { fromPostgresText } from './postgres-text.ts';

type ScanRow = Prisma.ScanResultGetPayload<{ include: { reports: true } }>;

/** A scan as the API shows it. */
export function scanFromRow(row: ScanRow): ScanResult {
  return {
    id: row.id,
    requestedUrl: fromPostgresText(row.requestedUrl),
    finalUrl: row.finalUrl === null ? null : fromPostgresText(row.finalUrl),
    params: paramsFromRow(row.params),
    status: row.status,
    statusReason: row.statusReason === null ? null : fromPostgresText(row.statusReason),
    attempt: row.attempt,
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

/** The stored parameters of a scan. Parameters that only a newer version knows are left out. */
export function paramsFromRow(stored: unknown): ScanParams {
  return scanParamsSchema.strip().parse(stored);
}
