import type { ScanProgress, ScanSiteJob, SiteAccess, SiteObservation } from '@cookie-scanner/contracts';
import type { ScanClaim, ScanRepository, SitePoliteness } from '@cookie-scanner/database';
import { AppError, isAppError } from '@cookie-scanner/errors';
import type { Logger } from '@cookie-scanner/observability';
import { abortKind, RetryLater, type JobContext, type Processor } from '@cookie-scanner/queues';
import type { ScanOptions } from '@cookie-scanner/scan-engine';
import { holdLease, type Lease } from '../hold-lease.ts';
import { hashValue } from '../redact-values.ts';
import { isDead } from '../sweep-attempts.ts';
import type { WorkerMetrics } from '../worker-metrics.ts';
import { attemptFolder, earlierAttempts, removeUnused } from './attempt-folder.ts';
import { lastChanceSeat } from './last-chance-seat.ts';
import { progressReporter, type ProgressReporter } from './report-progress.ts';
import { storeFile } from './store-file.ts';
import { storeResult, type ResultStore } from './store-result.ts';

/** What scanning a site takes. */
export interface ScanSiteDeps extends ResultStore {
  readonly scans: ResultStore['scans'] &
    Pick<ScanRepository, 'claim' | 'renewLease' | 'releaseClaim' | 'finishWithoutResult' | 'attemptsOf'>;
  /** Rejects with the reason of its signal as soon as that fires. */
  scanSite(url: string, options: ScanOptions): Promise<SiteObservation>;
  /**
   * Decrypts what opens the site of a scan.
   *
   * @throws AppError ACCESS_UNREADABLE
   */
  openAccess(scanId: string, sealed: Uint8Array): SiteAccess;
  /** Why no scan can run here now, in words; null when one can. */
  problem(): string | null;
  /** Never rejects. */
  publish(progress: ScanProgress): Promise<void>;
  readonly metrics: WorkerMetrics;
  /** How long a scan stays ours without renewal. */
  readonly leaseMs: number;
  /** How many workers a scan may cost before it is given up. */
  readonly attemptsMax: number;
  /** What this worker says of itself; it takes no scan that asks for something else. */
  readonly labels: readonly string[];
  /** How much one site may be burdened by all workers together; without it, without limits. */
  readonly sitePoliteness?: SitePoliteness;
  /** What the engine gets on top of the scan's own limit before it counts as stuck. */
  readonly hardLimitGraceMs: number;
}

type Claimed = Extract<ScanClaim, { kind: 'claimed' }>;

/** Share of the lease after which a scan that another worker holds is tried again. */
const RETRIES_PER_LEASE = 4;

/** After so long, a worker looks again whether it may take a scan with its last chance. */
const LAST_CHANCE_DELAY_MS = 1_000;

/** After so long, a worker that could run no scan looks whether it can. */
const UNWELL_DELAY_MS = 5_000;

/** Reasons of scans that failed by a fault of ours, by error code. */
const FAILURE_REASONS: Readonly<Record<string, string>> = {
  BROWSER_UNAVAILABLE: 'browser_unavailable',
  EGRESS_UNAVAILABLE: 'egress_unavailable',
  ACCESS_UNREADABLE: 'access_unreadable',
  RESOURCE_LIMIT: 'resource_limit',
  ARTIFACT_STORE_UNAVAILABLE: 'storage_unavailable',
};

/**
 * Scans the site of one scan's row and stores what was seen.
 *
 * Safe to run twice, also at the same time: the row is claimed first, and only its newest attempt may write. A site
 * that does not answer is an observation, not an error; only our own machinery (browser, disk, database) makes an
 * attempt fail.
 */
export function scanSiteProcessor(deps: ScanSiteDeps): Processor<ScanSiteJob> {
  const { scans, metrics, workerId, leaseMs, attemptsMax, labels, sitePoliteness: politeness } = deps;
  const lastChances = lastChanceSeat();

  return async ({ scanId }, context) => {
    const problem = deps.problem();
    // Another worker may be well, and for one who comes too early a scan has no attempts to spare.
    if (problem !== null) throw new RetryLater(UNWELL_DELAY_MS, `this worker runs no scans now: ${problem}`);
    const grantedAtMs = performance.now();
    // Taken before it is known whether this scan needs it.
    const seat = lastChances.take();
    try {
      const options = { workerId, leaseMs, attemptsMax, labels, politeness };
      const claim = await scans.claim(scanId, { ...options, acceptsLastChance: seat !== null });
      if (claim.kind !== 'claimed' || !claim.isLastChance) seat?.leave();
      await workOn(claim, scanId, grantedAtMs, context);
    } finally {
      seat?.leave();
    }
  };

  async function workOn(
    claim: ScanClaim,
    scanId: string,
    grantedAtMs: number,
    context: JobContext,
  ): Promise<void> {
    switch (claim.kind) {
      case 'missing':
        context.log.warn('a job names a scan that does not exist', { scanId });
        return;
      case 'finished':
        metrics.deliveredTwice();
        context.log.info('a job came for a scan that is over', { scanId });
        return;
      case 'leased':
        metrics.deliveredTwice();
        throw new RetryLater(leaseMs / RETRIES_PER_LEASE, 'another worker holds the scan');
      case 'last-chance':
        throw new RetryLater(LAST_CHANCE_DELAY_MS, 'another scan has its last chance here');
      case 'elsewhere':
        // Only a scheduler of before there were pools puts it here; the next offer goes where it belongs.
        context.log.warn('a job came for a scan that asks for other workers', { scanId });
        return;
      case 'deferred':
        metrics.deferredForSite();
        throw new RetryLater(claim.retryAfterMs, 'the site is visited enough for now');
      case 'claimed':
        metrics.attemptStarted();
        try {
          await runAttempt(scanId, claim, grantedAtMs, context, deps);
        } finally {
          metrics.attemptEnded();
        }
    }
  }
}

async function runAttempt(
  scanId: string,
  { attempt, requestedUrl, params, accessSealed }: Claimed,
  grantedAtMs: number,
  context: JobContext,
  deps: ScanSiteDeps,
): Promise<void> {
  const { scans, leaseMs, metrics } = deps;
  const log = context.log.child({ scanId, attempt });
  const progress = progressReporter((sign) => deps.publish(sign), { scanId, attempt });
  const renew = (): Promise<boolean> => scans.renewLease(scanId, { attempt, leaseMs });
  const lease = holdLease({ renew, leaseMs, grantedAtMs, log });
  const limit = startHardLimit(params.timeoutMs + deps.hardLimitGraceMs);
  // The host says enough; a path or query may name a person.
  log.info('scanning', { host: URL.parse(requestedUrl)?.host, params });
  try {
    progress.stage('claimed');
    const signal = AbortSignal.any([context.signal, lease.signal, limit.signal]);
    const access = accessSealed === null ? {} : { access: deps.openAccess(scanId, accessSealed) };
    const observation = await deps.scanSite(requestedUrl, {
      params,
      ...access,
      signal,
      onProgress: (sign) => progress.engine(sign),
      saveFile: async (file) => await storeFile(file, { scanId, attempt }, deps.artifacts),
      ...(deps.storeCookieValues
        ? {}
        : { redactCookieValue: (value: string) => hashValue(value, deps.valueHashKey) }),
    });
    progress.stage('storing');
    const outcome = await storeResult(observation, { scanId, attempt, log }, deps);
    if (outcome === 'fenced') {
      metrics.writeFenced();
      log.warn('dropped a result, because another attempt owns the scan');
      return;
    }
    progress.stage('finished');
    metrics.scanFinished(observation.status, observation.durationMs / 1_000);
    const { status, statusReason, durationMs, cookies } = observation;
    log.info('scan finished', { status, statusReason, durationMs, cookies: cookies.length });
  } catch (error) {
    throw await settleFailure(error, { scanId, attempt, lease, progress, context, deps });
  } finally {
    lease.stop();
    limit.stop();
  }
}

interface FailedAttempt {
  readonly scanId: string;
  readonly attempt: number;
  readonly lease: Lease;
  readonly progress: ProgressReporter;
  readonly context: JobContext;
  readonly deps: ScanSiteDeps;
}

/**
 * Leaves the row of a scan as the failure of an attempt demands.
 *
 * @returns the error that tells the queue the same
 */
async function settleFailure(error: unknown, failed: FailedAttempt): Promise<unknown> {
  const { scanId, attempt, lease, progress, context, deps } = failed;
  const log = context.log.child({ scanId, attempt });
  if (lease.signal.aborted) {
    await removeIfDead(failed, log);
    deps.metrics.leaseLost();
    log.warn('broke a scan off and wrote nothing', { error: lease.signal.reason });
    return new RetryLater(deps.leaseMs / RETRIES_PER_LEASE, 'the lease of the scan was lost');
  }

  const isHandedBack = abortKind(context.signal) === 'shutdown';
  if (!isHandedBack) deps.metrics.attemptFailed(isAppError(error) ? error.code : 'UNFORESEEN');
  const isHopeless = isAppError(error) && error.rule.retry === 'never';
  try {
    if (!isHandedBack && (context.isLastAttempt || isHopeless)) {
      const statusReason = (isAppError(error) && FAILURE_REASONS[error.code]) || 'internal_error';
      await deps.scans.finishWithoutResult(scanId, { attempt, status: 'failed', statusReason });
      await removeUnused(earlierAttempts(scanId, attempt), deps.artifacts, log);
      progress.stage('finished');
    } else {
      await deps.scans.releaseClaim(scanId, { attempt });
      progress.stage('queued');
    }
  } catch (failure) {
    // The lease runs out by itself, and the scheduler offers the scan again.
    log.warn('could not give a scan back after a failed attempt', { error: failure });
  }
  await removeIfDead(failed, log);
  return error;
}

/**
 * Removes what an attempt stored, where the database says that no result can point to it: the answer to a commit may have
 * been lost on the way, or the commit itself may still be on it. What is left so the sweeper finds.
 */
async function removeIfDead({ scanId, attempt, deps }: FailedAttempt, log: Logger): Promise<void> {
  try {
    const [scan] = await deps.scans.attemptsOf([scanId]);
    if (scan && !isDead(String(attempt), scan)) return;
  } catch (error) {
    log.warn('left the files of a failed attempt to the sweeper', { error });
    return;
  }
  await removeUnused([attemptFolder(scanId, attempt)], deps.artifacts, log);
}

/** A signal that fires when the engine has not ended a scan by itself, which means that the engine is stuck. */
function startHardLimit(limitMs: number): { signal: AbortSignal; stop(): void } {
  const controller = new AbortController();
  const timer = setTimeout(() => {
    const message = `The scan engine did not end a scan within ${limitMs} ms.`;
    controller.abort(new AppError('BROWSER_UNAVAILABLE', message));
  }, limitMs);
  return { signal: controller.signal, stop: () => clearTimeout(timer) };
}
