import type { PositionedClassification } from './cookie-classification.ts';
import type { DatabaseAccess } from './open-database.ts';
import { toPostgresJson } from './postgres-text.ts';

/** Notes what storage items of a scan are for, in one round trip. Positions that the scan does not have are left out. */
export async function classifyStorage(
  access: DatabaseAccess,
  scanId: string,
  classifications: readonly PositionedClassification[],
): Promise<void> {
  const rows = JSON.stringify(
    classifications.map(({ position, classification }) => ({
      position,
      category: classification.category,
      classification: toPostgresJson(classification),
    })),
  );
  await access.query(
    (prisma) => prisma.$executeRaw`
      UPDATE storage_items AS item
         SET category = r.category, classification = r.classification
        FROM jsonb_to_recordset(${rows}::jsonb) AS r(
          position int, category cookie_category, classification jsonb)
       WHERE item.scan_id = ${scanId}::uuid
         AND item.scanned_at = (SELECT finished_at FROM scan_results WHERE id = ${scanId}::uuid)
         AND item.position = r.position`,
  );
}
