import type { ScanParams } from '@cookie-scanner/contracts';
import { Prisma } from './generated/client.ts';
import type { DatabaseAccess } from './open-database.ts';
import { writeOutbox } from './outbox-write.ts';
import { fromPostgresText } from './postgres-text.ts';
import { scanFinishedJob } from './scan-finished-event.ts';
import { paramsFromRow } from './scan-rows.ts';
import {
  deferVisit,
  lockSite,
  pauseBeforeVisit,
  refusedVisits,
  type RefusedVisit,
  type SitePoliteness,
} from './site-politeness.ts';

/** Who wants to work on a scan, and for how long it may go without a sign of life. */
export interface ClaimOptions {
  workerId: string;
  leaseMs: number;
  /** How many workers may be lost over one scan before it is given up as `worker_crashed`. */
  attemptsMax: number;
  /** False for a worker that is at work on a scan with its last chance already; true unless told. */
  acceptsLastChance?: boolean;
  /** Labels of the worker; undefined where it does not matter what a scan asks for. */
  labels?: readonly string[] | undefined;
  /** How much its site may be burdened; undefined for without limits. */
  politeness?: SitePoliteness | undefined;
}

/**
 * Answer to a claim: yours now, held by another, put off for the sake of its site, in need of a worker that accepts its last
 * chance or of one with other labels, already over, or unknown.
 */
export type ScanClaim =
  | {
      kind: 'claimed';
      attempt: number;
      requestedUrl: string;
      params: ScanParams;
      /** What opens the site, encrypted; null for a site that is open to everybody. */
      accessSealed: Uint8Array | null;
      /** It was lost with so many workers before that it is given up when it is lost once more. */
      isLastChance: boolean;
    }
  | { kind: 'leased' }
  | { kind: 'last-chance' }
  | { kind: 'elsewhere' }
  | { kind: 'deferred'; retryAfterMs: number }
  | { kind: 'finished' }
  | { kind: 'missing' };

/** What a claim that succeeded gives. */
interface ClaimedRow {
  attempt: number;
  /** Attempts that count, this one included. */
  charged: number;
  requested_url: string;
  params: unknown;
  access_sealed: Uint8Array | null;
}

/** Nulls in place of a row that is not there. */
type Missing<T> = { [K in keyof T]: null };

/** Answer to a polite claim: at most one of both. */
type PoliteRow = (ClaimedRow | Missing<ClaimedRow>) & (RefusedVisit | Missing<RefusedVisit>);

/**
 * Takes a scan that is queued, or whose worker let its lease run out, by one compare-and-set on PostgreSQL's clock.
 * The new `attempt` is the fencing token. A scan that has used up its attempts is finished as `worker_crashed`.
 */
export async function claimScan(
  access: DatabaseAccess,
  id: string,
  options: ClaimOptions,
): Promise<ScanClaim> {
  const { politeness } = options;
  const answer = politeness
    ? await claimPolitely(access, id, options, politeness)
    : claimed(
        await access.change<ClaimedRow>([{ name: 'claim-scan', query: takeScan(id, options) }]),
        options,
      );
  return answer ?? refusal(access, id, options);
}

/** Asks and takes in one trip; in one statement, so that nothing happens between the two. */
async function claimPolitely(
  access: DatabaseAccess,
  id: string,
  options: ClaimOptions,
  politeness: SitePoliteness,
): Promise<ScanClaim | null> {
  const mayStart = Prisma.sql`AND NOT EXISTS (SELECT FROM refused)`;
  const query = Prisma.sql`
    WITH refused AS MATERIALIZED (${refusedVisits(id, politeness)}),
         taken AS (${takeScan(id, options, mayStart)}),
         deferred AS (${deferVisit(id)})
    SELECT taken.*, is_only_gap, gap_left_ms, waited_ms
      FROM (SELECT) AS one LEFT JOIN taken ON true LEFT JOIN refused ON true LEFT JOIN deferred ON true`;
  const [row] = await access.change<PoliteRow>([
    { name: 'lock-site', query: lockSite(id) },
    { name: 'claim-scan-politely', query },
  ]);
  if (row && row.is_only_gap !== null) {
    return { kind: 'deferred', retryAfterMs: pauseBeforeVisit(row) };
  }
  return row && row.attempt !== null ? claimed([row], options) : null;
}

function takeScan(
  id: string,
  { workerId, leaseMs, attemptsMax, labels, acceptsLastChance = true }: ClaimOptions,
  condition: Prisma.Sql = Prisma.empty,
): Prisma.Sql {
  const chargedBelow = acceptsLastChance ? attemptsMax : chargesBeforeLastChance(attemptsMax);
  return Prisma.sql`
      UPDATE scan_results
         SET status = 'running', attempt = attempt + 1, attempts_max = ${attemptsMax}, worker_id = ${workerId},
             started_at = clock_timestamp(), lease_until = now() + ${leaseMs} * interval '1 millisecond',
             pool_missing_since = NULL
       WHERE id = ${id}::uuid AND (status = 'queued' OR (status = 'running' AND lease_until < now()))
         AND attempt - released_count < ${chargedBelow}
         AND (${labels === undefined}::boolean OR worker_labels <@ ${[...(labels ?? [])]}::text[]) ${condition}
      RETURNING attempt, attempt - released_count AS charged, requested_url, params, access_sealed`;
}

/** A scan that was never lost has no last chance, however few it may have. */
function chargesBeforeLastChance(attemptsMax: number): number {
  return Math.max(1, attemptsMax - 1);
}

function claimed([row]: readonly ClaimedRow[], { attemptsMax }: ClaimOptions): ScanClaim | null {
  if (!row) return null;
  return {
    kind: 'claimed',
    attempt: row.attempt,
    requestedUrl: fromPostgresText(row.requested_url),
    params: paramsFromRow(row.params),
    accessSealed: row.access_sealed,
    isLastChance: row.charged > chargesBeforeLastChance(attemptsMax),
  };
}

async function refusal(
  access: DatabaseAccess,
  id: string,
  { attemptsMax, labels, acceptsLastChance = true }: ClaimOptions,
): Promise<ScanClaim> {
  if (await giveUp(access, id, attemptsMax)) return { kind: 'finished' };
  if (!acceptsLastChance && (await waitsForLastChance(access, id, attemptsMax)))
    return { kind: 'last-chance' };
  const scan = await access.query((prisma) =>
    prisma.scanResult.findUnique({ where: { id }, select: { finishedAt: true, workerLabels: true } }),
  );
  if (!scan) return { kind: 'missing' };
  if (scan.finishedAt !== null) return { kind: 'finished' };
  const isForOthers = labels !== undefined && scan.workerLabels.some((label) => !labels.includes(label));
  return { kind: isForOthers ? 'elsewhere' : 'leased' };
}

/** The scan counts as offered, for it will come again. */
async function waitsForLastChance(access: DatabaseAccess, id: string, attemptsMax: number): Promise<boolean> {
  const count = await access.query(
    (prisma) => prisma.$executeRaw`
      UPDATE scan_results SET offered_at = clock_timestamp()
       WHERE id = ${id}::uuid AND (status = 'queued' OR (status = 'running' AND lease_until < now()))
         AND attempt - released_count >= ${chargesBeforeLastChance(attemptsMax)}`,
  );
  return count === 1;
}

function giveUp(access: DatabaseAccess, id: string, attemptsMax: number): Promise<boolean> {
  return access.transaction(async (tx) => {
    const count = await tx.$executeRaw`
      UPDATE scan_results
         SET status = 'failed', status_reason = 'worker_crashed', finished_at = now(), offered_at = now(), lease_until = NULL
       WHERE id = ${id}::uuid AND (status = 'queued' OR (status = 'running' AND lease_until < now()))
         AND attempt - released_count >= ${attemptsMax}`;
    if (count === 0) return false;
    await writeOutbox(tx, [scanFinishedJob(id)]);
    return true;
  });
}

/** Prolongs a claim from now on. False when another attempt owns the scan or it is over: stop, and write nothing. */
export async function renewScanLease(
  access: DatabaseAccess,
  id: string,
  { attempt, leaseMs }: { attempt: number; leaseMs: number },
): Promise<boolean> {
  const query = Prisma.sql`
      UPDATE scan_results SET lease_until = now() + ${leaseMs} * interval '1 millisecond'
       WHERE id = ${id}::uuid AND attempt = ${attempt} AND status = 'running'
      RETURNING id`;
  return (await access.change([{ name: 'renew-lease', query }])).length === 1;
}

/** Puts a claimed scan back into the queue without holding the attempt against it. False when the claim was lost. */
export async function releaseScanClaim(
  access: DatabaseAccess,
  id: string,
  { attempt }: { attempt: number },
): Promise<boolean> {
  const count = await access.query(
    (prisma) => prisma.$executeRaw`
      UPDATE scan_results
         SET status = 'queued', worker_id = NULL, lease_until = NULL, started_at = NULL, offered_at = now(),
             released_count = released_count + 1
       WHERE id = ${id}::uuid AND attempt = ${attempt} AND status = 'running'`,
  );
  return count === 1;
}
