import type { Prisma } from './generated/client.ts';

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

/**
 * Finds out whether one more scan of a site may start now. Claims of one site take turns until the transaction ends, so
 * that several workers together keep to the limits.
 *
 * @returns null when it may; else the milliseconds after which to ask again. The scan then counts as offered.
 */
export async function pauseBeforeVisit(
  tx: Prisma.TransactionClient,
  id: string,
  { concurrencyMax, gapMs }: SitePoliteness,
): Promise<number | null> {
  const [scan] = await tx.$queryRaw<{ site: string }[]>`
    SELECT site FROM scan_results WHERE id = ${id}::uuid AND site IS NOT NULL AND finished_at IS NULL`;
  if (!scan) return null;
  const { site } = scan;
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`site ${site}`}, 0))`;
  const [visits] = await tx.$queryRaw<{ running: number; since_ms: number | null }[]>`
    SELECT (SELECT count(*)::int FROM scan_results
             WHERE site = ${site} AND started_at IS NOT NULL AND status = 'running' AND lease_until > now()
               AND id <> ${id}::uuid) AS running,
           (SELECT extract(epoch FROM clock_timestamp() - max(started_at))::float8 * 1000 FROM scan_results
             WHERE site = ${site} AND started_at IS NOT NULL AND id <> ${id}::uuid) AS since_ms`;
  const gapLeftMs = visits?.since_ms == null ? 0 : gapMs - visits.since_ms;
  if (visits === undefined || (visits.running < concurrencyMax && gapLeftMs <= 0)) return null;
  const [deferred] = await tx.$queryRaw<{ waited_ms: number }[]>`
    UPDATE scan_results SET offered_at = clock_timestamp() WHERE id = ${id}::uuid AND status = 'queued'
    RETURNING extract(epoch FROM clock_timestamp() - queued_at)::float8 * 1000 AS waited_ms`;
  const isOnlyGap = visits.running < concurrencyMax;
  const pauseMs = isOnlyGap ? gapLeftMs : (deferred?.waited_ms ?? 0) / SHARE_OF_WAIT;
  // Apart by chance, so that those who wait do not all ask at once.
  const spread = 1 + Math.random() / 2;
  return Math.min(PAUSE_MAX_MS, Math.max(isOnlyGap ? 50 : PAUSE_MIN_MS, pauseMs) * spread);
}
