import type { PageObservation, StorageObservation } from '@cookie-scanner/contracts';
import { firstAndLast, nullOr, setterToRow } from './bounded-rows.ts';
import { Prisma } from './generated/client.ts';
import { toBoundedText } from './postgres-text.ts';

// Parts of the one statement that stores a result (scan-finish.ts). In it `scan` is the row of the scan that was just
// finished, with `id`, `workspace_id`, `domain` and `finished_at`, and has no row when the scan is not ours any more.

/** Stores the pages of a scan in their order. */
export function insertPages(pages: readonly PageObservation[]): Prisma.Sql {
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
  return Prisma.sql`
    INSERT INTO pages (scan_id, scanned_at, position, url, http_status, status, status_reason, title, redirects)
    SELECT scan.id, scan.finished_at, r.*
      FROM scan, jsonb_to_recordset(${rows}::jsonb) AS r(
        position int, url text, http_status int, status outcome, status_reason text, title text, redirects text[])`;
}

/** Stores what a scan found in client-side storage, in its order. */
export function insertStorageItems(items: readonly StorageObservation[]): Prisma.Sql {
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
  return Prisma.sql`
    INSERT INTO storage_items (
      scan_id, scanned_at, position, kind, origin, key, size_bytes,
      set_by_kind, set_by_url, set_by_initiators, set_by_confidence)
    SELECT scan.id, scan.finished_at, r.*
      FROM scan, jsonb_to_recordset(${rows}::jsonb) AS r(
        position int, kind storage_kind, origin text, key text, size_bytes bigint,
        set_by_kind setter_kind, set_by_url text, set_by_initiators text[], set_by_confidence setter_confidence)`;
}

/**
 * Notes which cookies the site of a scan has, from `stored_cookies`, the rows just stored. In the order of their key, so
 * that two scans of one site that finish together wait for each other in place of locking each other out.
 */
export function recordSightings(): Prisma.Sql {
  return Prisma.sql`
    INSERT INTO cookie_sightings AS sighting (
      workspace_id, domain, cookie_hash, name, cookie_domain, path, party, first_scan_id, last_scan_id, set_by_host,
      first_seen_at, last_seen_at)
    SELECT DISTINCT ON (hash)
           scan.workspace_id, scan.domain, hash, cookie.name, cookie.domain, cookie.path, cookie.party, scan.id, scan.id,
           host_of_url(cookie.set_by_url), scan.finished_at, scan.finished_at
      FROM scan, stored_cookies AS cookie, cookie_identity(cookie.name, cookie.domain, cookie.path) AS hash
     WHERE scan.domain IS NOT NULL
     ORDER BY hash, cookie.position
    ON CONFLICT (workspace_id, domain, cookie_hash) DO UPDATE
       SET last_seen_at = excluded.last_seen_at, last_scan_id = excluded.last_scan_id,
           set_by_host = coalesce(excluded.set_by_host, sighting.set_by_host)
     WHERE sighting.last_seen_at <= excluded.last_seen_at`;
}
