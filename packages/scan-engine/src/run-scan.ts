import type { ScanParams, ScanStage, SiteObservation } from '@cookie-scanner/contracts';
import { inCleanProfile, type CleanProfile } from './clean-profile.ts';
import { startDeadline, type Deadline } from './deadline.ts';
import { filesWanted } from './files/scan-files.ts';
import { observeProfile } from './observe-profile.ts';
import type { PlannedScan } from './planned-scan.ts';
import type { ScanEnvironment } from './scan-environment.ts';
import type { ScanSession } from './scan-session.ts';
import { visitSite, type VisitPlan } from './visit-site.ts';
import { planVisitor } from './visitor/visitor.ts';

/** Pages a scan visits at most, the start page included. */
const PAGES_MAX: Record<ScanParams['mode'], number> = { quick: 1, standard: 4, deep: 25, consent_audit: 1 };

/** Kept back from the deadline for leaving and collecting. */
const RESERVE_MS = 1_500;

/**
 * Scans one site and returns what was seen. Whatever the site does is an outcome in the observation.
 *
 * @throws the reason of `options.signal` when it fires
 * @throws when the browser itself fails
 */
export async function runScan(
  url: string,
  options: PlannedScan,
  environment: ScanEnvironment,
): Promise<SiteObservation> {
  const begunAtMs = options.begunAtMs ?? performance.now();
  const deadline = startDeadline(Math.max(1_000, options.params.timeoutMs - RESERVE_MS));
  const visitor = planVisitor(options.params, environment);
  const wanted = filesWanted(options.params, options);
  return await inCleanProfile(
    environment,
    visitor,
    { begunAtMs, wanted, signal: options.signal },
    async (profile) => {
      const plan = planOf(url, options, environment, profile, deadline);
      const gathered = await visitSite(profile.session, plan);
      report(options, profile.session, 'collecting', gathered.visits.length, gathered.visits.length);
      const visit = { requestedUrl: url, gathered, begunAtMs, deadline };
      return await observeProfile(profile, visit, environment);
    },
  );
}

function planOf(
  startUrl: string,
  options: PlannedScan,
  { settings }: ScanEnvironment,
  { session, gateway }: CleanProfile,
  deadline: Deadline,
): VisitPlan {
  return {
    startUrl,
    pagesMax: PAGES_MAX[options.params.mode],
    pageLifeMs: settings.pageLifeMs,
    deadline,
    hosts: () => gateway.hosts(),
    bytesReceived: () => gateway.bytesReceived(),
    onStage: (stage, pagesDone, pagesKnown) => report(options, session, stage, pagesDone, pagesKnown),
  };
}

function report(
  options: PlannedScan,
  session: ScanSession,
  stage: ScanStage,
  pagesDone: number,
  pagesKnown: number,
): void {
  options.onProgress?.({
    stage,
    pagesDone,
    pagesKnown,
    cookiesSeen: session.snapshots.at(-1)?.jar.length ?? 0,
    consentState: null,
  });
}
