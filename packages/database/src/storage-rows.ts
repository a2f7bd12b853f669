import type { StorageItem, StorageItemPage } from '@cookie-scanner/contracts';
import { setterFromRow, type SetterColumns } from './bounded-rows.ts';
import { classificationFromRow } from './cookie-classification.ts';
import { refuseExpired } from './expired-details.ts';
import { boundTo } from './in-workspace.ts';
import { keyBefore, keysetPage, pageSize, type PageRequest } from './keyset.ts';
import type { DatabaseAccess } from './open-database.ts';
import { fromPostgresText } from './postgres-text.ts';

interface StorageRow extends SetterColumns {
  id: string;
  position: number;
  kind: StorageItem['kind'];
  origin: string;
  key: string;
  size_bytes: number;
  classification: unknown;
}

/**
 * One page of what a scan found in client-side storage, in the order of the observation; null when there is no such scan.
 *
 * @throws AppError INPUT_INVALID when the cursor is not one that an earlier page gave out
 * @throws AppError SCAN_DETAILS_EXPIRED when the scan found some and retention removed it
 */
export async function listStorage(
  access: DatabaseAccess,
  scanId: string,
  request: PageRequest,
): Promise<StorageItemPage | null> {
  const [after] = keyBefore(request, ['integer']) ?? ['-1'];
  const size = pageSize(request);
  const found = await access.query(async (prisma) => {
    const scan = await prisma.scanResult.findFirst({
      where: { id: scanId, ...boundTo(access) },
      select: { finishedAt: true },
    });
    if (!scan) return null;
    const rows = await prisma.$queryRaw<{ row: StorageRow }[]>`
      SELECT to_jsonb(item) AS row FROM storage_items AS item
       WHERE scan_id = ${scanId}::uuid AND scanned_at = (SELECT finished_at FROM scan_results WHERE id = ${scanId}::uuid)
         AND position > ${Number(after)}
       ORDER BY position LIMIT ${size + 1}`;
    return { scan, rows };
  });
  if (!found) return null;
  const { scan, rows } = found;
  if (rows.length === 0 && scan.finishedAt !== null) await refuseExpired(access, scanId, 'storage_items');
  return keysetPage(
    rows,
    size,
    ({ row }) => [String(row.position)],
    ({ row }) => fromRow(row),
  );
}

function fromRow(row: StorageRow): StorageItem {
  return {
    id: row.id,
    kind: row.kind,
    origin: fromPostgresText(row.origin),
    key: fromPostgresText(row.key),
    sizeBytes: row.size_bytes,
    setBy: setterFromRow(row),
    classification: row.classification === null ? null : classificationFromRow(row.classification),
  };
}
