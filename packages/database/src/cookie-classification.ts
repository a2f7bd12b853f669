import { cookieClassificationSchema, type CookieClassification } from '@cookie-scanner/contracts';
import type { Prisma } from './generated/client.ts';
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
  return access.transaction(async (tx) => {
    const count = await tx.$executeRaw`
      UPDATE cookies AS cookie
         SET category = r.category, category_source = r.source, category_confidence = r.confidence,
             vendor = r.vendor, classification = r.classification
        FROM jsonb_to_recordset(${rows}::jsonb) AS r(
          position int, category cookie_category, source classification_source, confidence float8, vendor text,
          classification jsonb)
       WHERE cookie.scan_id = ${scanId}::uuid
         AND cookie.scanned_at = (SELECT finished_at FROM scan_results WHERE id = ${scanId}::uuid)
         AND cookie.position = r.position`;
    await classifySightings(tx, scanId);
    return count;
  });
}

/**
 * Carries what the cookies of a scan are for to where they are searched, unless a later scan saw them. The rows are locked
 * in the order of their key, as `recordSightings` does.
 */
async function classifySightings(tx: Prisma.TransactionClient, scanId: string): Promise<void> {
  await tx.$executeRaw`
    WITH seen AS (
      SELECT DISTINCT ON (identity.hash) scan.workspace_id, scan.domain, identity.hash, cookie.category, cookie.vendor,
             cookie.scanned_at
        FROM scan_results AS scan
        JOIN cookies AS cookie ON cookie.scan_id = scan.id AND cookie.scanned_at = scan.finished_at,
             cookie_identity(cookie.name, cookie.domain, cookie.path) AS identity (hash)
       WHERE scan.id = ${scanId}::uuid AND scan.domain IS NOT NULL
       ORDER BY identity.hash, cookie.position),
    locked AS (
      SELECT sighting.id, seen.category, seen.vendor
        FROM cookie_sightings AS sighting
        JOIN seen ON (sighting.workspace_id, sighting.domain, sighting.cookie_hash)
                   = (seen.workspace_id, seen.domain, seen.hash)
       WHERE sighting.last_seen_at <= seen.scanned_at
       ORDER BY sighting.cookie_hash FOR UPDATE OF sighting)
    UPDATE cookie_sightings AS sighting SET category = locked.category, vendor = locked.vendor
      FROM locked WHERE sighting.id = locked.id`;
}

/** The classification that a row of `cookies` holds; null when it has none, or one of a version that said less. */
export function classificationFromRow(stored: unknown): CookieClassification | null {
  const parsed = cookieClassificationSchema.safeParse(fromPostgresJson(stored));
  return parsed.success ? parsed.data : null;
}
