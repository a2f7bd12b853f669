import type { PageObservation, StorageObservation } from '@cookie-scanner/contracts';
import { firstAndLast, nullOr, setterToRow } from './bounded-rows.ts';
import type { Prisma } from './generated/client.ts';
import { toBoundedText } from './postgres-text.ts';

/** A scan whose result is being written: what the rows that belong to it must know of it. */
export interface ScanBeingFinished {
  id: string;
  workspaceId: string;
  /** Host that was scanned; null when the URL names none. */
  domain: string | null;
  /** When it finished, as PostgreSQL prints it, to the microsecond: the month its rows go to. */
  scannedAt: string;
}

/** Stores the pages of a scan in their order, in one round trip. */
export async function insertPages(
  tx: Prisma.TransactionClient,
  scan: ScanBeingFinished,
  pages: PageObservation[],
): Promise<void> {
  if (pages.length === 0) return;
  const rows = JSON.stringify(
    pages.map((page, position) => ({
      position,
      url: toBoundedText(page.url),
      http_status: page.httpStatus,
      status: page.status,
      status_reason: nullOr(toBoundedText, page.statusReason),
      title: nullOr(toBoundedText, page.title),
      redirects: firstAndLast(page.redirects).map(toBoundedText),
    })),
  );
  await tx.$executeRaw`
    INSERT INTO pages (scan_id, scanned_at, position, url, http_status, status, status_reason, title, redirects)
    SELECT ${scan.id}::uuid, ${scan.scannedAt}::timestamptz, r.*
      FROM jsonb_to_recordset(${rows}::jsonb) AS r(
        position int, url text, http_status int, status outcome, status_reason text, title text, redirects text[])`;
}

/** Stores what a scan found in client-side storage, in its order, in one round trip. */
export async function insertStorageItems(
  tx: Prisma.TransactionClient,
  scan: ScanBeingFinished,
  items: StorageObservation[],
): Promise<void> {
  if (items.length === 0) return;
  const rows = JSON.stringify(
    items.map((item, position) => ({
      position,
      kind: item.kind,
      origin: toBoundedText(item.origin),
      key: toBoundedText(item.key),
      size_bytes: item.sizeBytes,
      ...setterToRow(item.setBy),
    })),
  );
  await tx.$executeRaw`
    INSERT INTO storage_items (
      scan_id, scanned_at, position, kind, origin, key, size_bytes,
      set_by_kind, set_by_url, set_by_initiators, set_by_confidence)
    SELECT ${scan.id}::uuid, ${scan.scannedAt}::timestamptz, r.*
      FROM jsonb_to_recordset(${rows}::jsonb) AS r(
        position int, kind storage_kind, origin text, key text, size_bytes bigint,
        set_by_kind setter_kind, set_by_url text, set_by_initiators text[], set_by_confidence setter_confidence)`;
}

/**
 * Notes which cookies the site of a scan has, from the rows just stored, in one round trip. In the order of their key,
 * so that two scans of one site that finish together wait for each other in place of locking each other out.
 */
export async function recordSightings(tx: Prisma.TransactionClient, scan: ScanBeingFinished): Promise<void> {
  if (scan.domain === null) return;
  await tx.$executeRaw`
    INSERT INTO cookie_sightings AS sighting (
      workspace_id, domain, cookie_hash, name, cookie_domain, path, party, first_scan_id, last_scan_id, set_by_host,
      first_seen_at, last_seen_at)
    SELECT DISTINCT ON (hash)
           ${scan.workspaceId}::uuid, ${scan.domain}, hash, name, domain, path, party, scan_id, scan_id,
           host_of_url(set_by_url), scanned_at, scanned_at
      FROM cookies, cookie_identity(name, domain, path) AS hash
     WHERE scan_id = ${scan.id}::uuid AND scanned_at = ${scan.scannedAt}::timestamptz
     ORDER BY hash, position
    ON CONFLICT (workspace_id, domain, cookie_hash) DO UPDATE
       SET last_seen_at = excluded.last_seen_at, last_scan_id = excluded.last_scan_id,
           set_by_host = coalesce(excluded.set_by_host, sighting.set_by_host)
     WHERE sighting.last_seen_at <= excluded.last_seen_at`;
}
