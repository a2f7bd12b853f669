import type { ClassificationSource, CookieCategory } from '@cookie-scanner/contracts';
import type { DatabaseAccess } from './open-database.ts';
import { toBoundedText, toPostgresJson } from './postgres-text.ts';

/** What a cookie is for, and how that is known. */
export interface CookieClassification {
  /** Place of the cookie in the observation, from 0. */
  position: number;
  category: CookieCategory;
  source: ClassificationSource;
  /** 0 to 1; null where the source knows no degrees. */
  confidence: number | null;
  /** Whose cookie it is; null when unknown. */
  vendor: string | null;
  /** Whatever else the source says, such as the entry that matched; null for nothing. */
  detail: Record<string, unknown> | null;
}

/** Notes what cookies of a scan are for, in one round trip; returns how many were marked. */
export function classifyCookies(
  access: DatabaseAccess,
  scanId: string,
  classifications: readonly CookieClassification[],
): Promise<number> {
  const rows = JSON.stringify(
    classifications.map(({ position, category, source, confidence, vendor, detail }) => ({
      position,
      category,
      source,
      confidence,
      vendor: vendor === null || vendor === '' ? null : toBoundedText(vendor).slice(0, 500),
      detail: toPostgresJson(detail),
    })),
  );
  return access.query(
    (prisma) => prisma.$executeRaw`
      UPDATE cookies AS cookie
         SET category = r.category, category_source = r.source, category_confidence = r.confidence,
             vendor = r.vendor, classification = nullif(r.detail, 'null'::jsonb)
        FROM jsonb_to_recordset(${rows}::jsonb) AS r(
          position int, category cookie_category, source classification_source, confidence float8, vendor text,
          detail jsonb)
       WHERE cookie.scan_id = ${scanId}::uuid
         AND cookie.scanned_at = (SELECT finished_at FROM scan_results WHERE id = ${scanId}::uuid)
         AND cookie.position = r.position`,
  );
}
