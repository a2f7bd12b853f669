import { Prisma } from './generated/client.ts';

/** How much one site may be burdened by all workers together. Subdomains count as the site they are under. */
export interface SitePoliteness {
  /** Scans of one site that run at the same time. */
  concurrencyMax: number;
  /** Milliseconds between the starts of two scans of a site. */
  gapMs: number;
}

/** A deferred scan asks again after a tenth of the time that it has waited, so that a long line does not ask without end. */
const SHARE_OF_WAIT = 10;
const PAUSE_MIN_MS = 500;
/** Below the time after which a waiting scan counts as lost and is offered again. */
const PAUSE_MAX_MS = 45_000;

/** What stood against a visit, as `refusedVisits` gives it and `deferVisit` adds to it. */
export interface RefusedVisit {
  /** True when the site has room and only the last visit is too fresh. */
  is_only_gap: boolean;
  gap_left_ms: number;
  /** How long the scan has waited since it was submitted; null when it does not wait. */
  waited_ms: number | null;
}

/** Makes claims of one site take turns until the transaction ends, so that several workers together keep to the limits. */
export function lockSite(id: string): Prisma.Sql {
  return Prisma.sql`
    SELECT pg_advisory_xact_lock(hashtextextended('site ' || site, 0)) FROM scan_results
     WHERE id = ${id}::uuid AND site IS NOT NULL AND finished_at IS NULL`;
}

/** A row when no scan of the site of this scan may start now; none when one may. To be asked after `lockSite`. */
export function refusedVisits(id: string, { concurrencyMax, gapMs }: SitePoliteness): Prisma.Sql {
  return Prisma.sql`
    SELECT running < ${concurrencyMax} AS is_only_gap, coalesce(${gapMs} - since_ms, 0) AS gap_left_ms
      FROM scan_results AS scan, LATERAL (
        SELECT (SELECT count(*)::int FROM scan_results AS other
                 WHERE other.site = scan.site AND started_at IS NOT NULL AND status = 'running' AND lease_until > now()
                   AND id <> scan.id) AS running,
               (SELECT extract(epoch FROM clock_timestamp() - max(started_at))::float8 * 1000 FROM scan_results AS other
                 WHERE other.site = scan.site AND started_at IS NOT NULL AND id <> scan.id) AS since_ms
      ) AS visits
     WHERE scan.id = ${id}::uuid AND site IS NOT NULL AND finished_at IS NULL
       AND (running >= ${concurrencyMax} OR since_ms < ${gapMs})`;
}

/** Notes, for a row of `refused`, that the scan was offered now, so that it does not count as lost while it is put off. */
export function deferVisit(id: string): Prisma.Sql {
  return Prisma.sql`
    UPDATE scan_results SET offered_at = clock_timestamp()
     WHERE id = ${id}::uuid AND status = 'queued' AND EXISTS (SELECT FROM refused)
    RETURNING extract(epoch FROM clock_timestamp() - queued_at)::float8 * 1000 AS waited_ms`;
}

/** The milliseconds after which a scan that was put off is to ask again. */
export function pauseBeforeVisit({ is_only_gap: isOnlyGap, gap_left_ms, waited_ms }: RefusedVisit): number {
  const pauseMs = isOnlyGap ? gap_left_ms : (waited_ms ?? 0) / SHARE_OF_WAIT;
  // Apart by chance, so that those who wait do not all ask at once.
  const spread = 1 + Math.random() / 2;
  return Math.min(PAUSE_MAX_MS, Math.max(isOnlyGap ? 50 : PAUSE_MIN_MS, pauseMs) * spread);
}
