import {
  complianceMetricsSchema,
  type ComplianceMetrics,
  type CookieClassification,
} from '@cookie-scanner/contracts';
import { classificationFromRow } from './cookie-classification.ts';
import { boundTo } from './in-workspace.ts';
import type { DatabaseAccess } from './open-database.ts';
import { fromPostgresJson, toPostgresJson } from './postgres-text.ts';

/** What the analysis of a scan measured, and with which knowledge. */
export interface ScanAnalysis {
  readonly metrics: ComplianceMetrics | null;
  readonly knowledgeVersion: string | null;
}

/** Notes what the analysis of a scan measured. False when there is no such scan. */
export async function recordAnalysis(
  access: DatabaseAccess,
  scanId: string,
  { metrics, knowledgeVersion }: { metrics: ComplianceMetrics; knowledgeVersion: string },
): Promise<boolean> {
  const count = await access.query(
    (prisma) => prisma.$executeRaw`
      UPDATE scan_results
         SET metrics = ${JSON.stringify(toPostgresJson(metrics))}::jsonb, knowledge_version = ${knowledgeVersion}
       WHERE id = ${scanId}::uuid`,
  );
  return count > 0;
}

/** What was measured of a scan; null when there is no such scan, nulls inside until it is analysed. */
export async function analysisOf(access: DatabaseAccess, scanId: string): Promise<ScanAnalysis | null> {
  const row = await access.query((prisma) =>
    prisma.scanResult.findFirst({
      where: { id: scanId, ...boundTo(access) },
      select: { metrics: true, knowledgeVersion: true },
    }),
  );
  if (!row) return null;
  // What an older version measured in another way is measured again by `npm run reanalyse`.
  const metrics = complianceMetricsSchema.safeParse(fromPostgresJson(row.metrics)).data ?? null;
  return { metrics, knowledgeVersion: row.knowledgeVersion };
}

/** What the cookies of a scan were held to be for when it was analysed last, in the order of the observation. */
export async function classificationsOf(
  access: DatabaseAccess,
  scanId: string,
): Promise<(CookieClassification | null)[]> {
  const rows = await access.query(
    (prisma) => prisma.$queryRaw<{ classification: unknown }[]>`
      SELECT classification FROM cookies
       WHERE scan_id = ${scanId}::uuid
         AND scanned_at = (SELECT finished_at FROM scan_results WHERE id = ${scanId}::uuid)
       ORDER BY position`,
  );
  return rows.map(({ classification }) => classificationFromRow(classification));
}
