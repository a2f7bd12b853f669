import { cookieClassificationSchema, type CookieClassification } from '@cookie-scanner/contracts';
import type { DatabaseAccess } from './open-database.ts';
import { fromPostgresJson, toBoundedText, toPostgresJson } from './postgres-text.ts';

/** What one cookie of a scan is for. */
export interface PositionedClassification {
  /** Place of the cookie in the observation, from 0. */
  position: number;
  classification: CookieClassification;
}

/** Degrees of confidence as numbers, to sort and count by. */
const CONFIDENCES = { high: 0.9, medium: 0.6, low: 0.3 } as const;

/** Notes what cookies of a scan are for, in one round trip; returns how many were marked. */
export function classifyCookies(
  access: DatabaseAccess,
  scanId: string,
  classifications: readonly PositionedClassification[],
): Promise<number> {
  const rows = JSON.stringify(
    classifications.map(({ position, classification }) => {
      const { category, source, confidence, vendor } = classification;
      return {
        position,
        category,
        source,
        confidence: confidence === null ? null : CONFIDENCES[confidence],
        vendor: vendor === null || vendor === '' ? null : toBoundedText(vendor).slice(0, 500),
        classification: toPostgresJson(classification),
      };
    }),
  );
  return access.query(
    (prisma) => prisma.$executeRaw`
      UPDATE cookies AS cookie
         SET category = r.category, category_source = r.source, category_confidence = r.confidence,
             vendor = r.vendor, classification = r.classification
        FROM jsonb_to_recordset(${rows}::jsonb) AS r(
          position int, category cookie_category, source classification_source, confidence float8, vendor text,
          classification jsonb)
       WHERE cookie.scan_id = ${scanId}::uuid
         AND cookie.scanned_at = (SELECT finished_at FROM scan_results WHERE id = ${scanId}::uuid)
         AND cookie.position = r.position`,
  );
}

/** The classification that a row of `cookies` holds; null when it has none, or one of a version that said less. */
export function classificationFromRow(stored: unknown): CookieClassification | null {
  const parsed = cookieClassificationSchema.safeParse(fromPostgresJson(stored));
  return parsed.success ? parsed.data : null;
}
