import type { ConsentState, ScanStage, SiteObservation } from '@cookie-scanner/contracts';
import { inCleanProfile, type CleanProfile } from '../clean-profile.ts';
import { startDeadline, type Deadline } from '../deadline.ts';
import { filesOfAudit, type FilesWanted } from '../files/scan-files.ts';
import { readFinalJar } from '../final-jar.ts';
import { jarKey, type JarCookie } from '../collectors/cookie-jar.ts';
import { observeProfile } from '../observe-profile.ts';
import type { PlannedScan } from '../planned-scan.ts';
import type { ScanEnvironment } from '../scan-environment.ts';
import { profileAccess, type ProfileAccess } from '../site-access/profile-access.ts';
import { planVisitor } from '../visitor/visitor.ts';
import { globalPrivacyControl } from './gpc/gpc.collector.ts';
import type { ObservedRun } from './merge/cookie-in-state.ts';
import { mergeRuns } from './merge/merge-runs.ts';
import { consentModeCollector } from './signals/consent-mode.collector.ts';
import { NO_STATEMENTS, readStatements, type Statements } from './read-statements.ts';
import { visitState, type StateVisit } from './visit-state.ts';

/** In the order in which they are begun; a scan that runs out of time has seen the most telling ones. */
const STATES: readonly ConsentState[] = ['untouched', 'reject', 'accept', 'gpc', 'gpc_reject'];
const GPC_STATES: ReadonlySet<ConsentState> = new Set(['gpc', 'gpc_reject']);
/** Profiles at a time. They wait for the network most of the time, and have no more of the processor than one scan. */
const PARALLEL_MAX = 2;
/** A run with less time than this would see nothing. */
const RUN_MIN_MS = 2_000;

/** An audit visits the start page only. */
const NOTHING_ELSE = { skippedPages: () => [], notes: () => [] };

/** What all runs of one audit share. */
interface Audit {
  readonly url: string;
  readonly options: PlannedScan;
  readonly environment: ScanEnvironment;
  readonly begunAtMs: number;
  readonly deadline: Deadline;
  readonly wanted: FilesWanted;
}

/** One run with what only some of them gather. */
interface FinishedRun extends Pick<StateVisit, 'leads' | 'notes'> {
  readonly observed: ObservedRun;
}

/**
 * Visits a site in every consent state, each in a clean profile of its own, and makes one observation of it. The time
 * is shared: what one state leaves over, the next ones have.
 *
 * @throws the reason of `options.signal` when it fires
 * @throws when the browser itself fails
 */
export async function auditConsent(
  url: string,
  options: PlannedScan,
  environment: ScanEnvironment,
  deadline: Deadline,
): Promise<SiteObservation> {
  const begunAtMs = options.begunAtMs ?? performance.now();
  const startedAt = new Date(Math.round(Date.now() - (performance.now() - begunAtMs))).toISOString();
  const wanted = filesOfAudit(options.params, options);
  const audit: Audit = { url, options, environment, begunAtMs, deadline, wanted };
  const finished = new Map<ConsentState, FinishedRun>();
  const waiting = [...STATES];
  const missed: ConsentState[] = [];
  const lane = async (): Promise<void> => {
    for (let state = waiting.shift(); state !== undefined; state = waiting.shift()) {
      const shareMs = deadline.remainingMs() / Math.ceil((waiting.length + 1) / PARALLEL_MAX);
      // The first one must say how it went, however little time there is.
      if (state !== 'untouched' && shareMs < RUN_MIN_MS) missed.push(state);
      else finished.set(state, await runState(audit, state, startDeadline(shareMs), finished.size));
    }
  };
  await Promise.all(Array.from({ length: PARALLEL_MAX }, lane));
  // What comes now belongs to no state.
  const cookiesSeen = new Set([...finished.values()].flatMap(({ observed }) => observed.lastJar.map(jarKey)))
    .size;
  options.onProgress?.({
    ...{ stage: 'collecting', pagesDone: 1, pagesKnown: 1 },
    cookiesSeen,
    consentState: null,
  });
  const inOrder = STATES.flatMap((state) => finished.get(state) ?? []);
  const [first, ...others] = inOrder.map(({ observed }) => observed);
  if (!first) throw new Error('no consent state was looked at');
  return mergeRuns({
    runs: [first, ...others],
    ...(await askStatements(audit, inOrder)),
    startedAt,
    durationMs: Math.round(performance.now() - begunAtMs),
    missed,
    notes: inOrder.flatMap(({ notes }) => notes),
  });
}

/** Asks for what the site says of itself, where a run saw the site and there is time left. */
async function askStatements(
  { environment, options, begunAtMs, deadline }: Audit,
  runs: readonly FinishedRun[],
): Promise<Statements> {
  const leads = runs.find((run) => run.leads !== null)?.leads ?? null;
  if (leads === null || deadline.passed) return NO_STATEMENTS;
  return await inCleanProfile(
    environment,
    planVisitor(options.params, environment),
    { begunAtMs, signal: options.signal },
    async ({ session }) => await readStatements(session, leads, deadline),
  );
}

async function runState(
  audit: Audit,
  state: ConsentState,
  deadline: Deadline,
  runsDone: number,
): Promise<FinishedRun> {
  const { options, environment, begunAtMs, wanted } = audit;
  const consentMode = consentModeCollector(() => performance.now() - begunAtMs);
  const access = profileAccess(options.access ?? null, audit.url);
  const collectors = [
    consentMode,
    ...access.collectors,
    ...(GPC_STATES.has(state) ? [globalPrivacyControl()] : []),
  ];
  const startedAtMs = performance.now() - begunAtMs;
  return await inCleanProfile(
    environment,
    planVisitor(options.params, environment),
    {
      ...{ begunAtMs, collectors, signal: options.signal },
      wanted: { ...wanted, label: state },
      skipsMediaBodies: options.params.skipMediaBodies,
    },
    async (profile) => {
      const onStage = (stage: ScanStage): void => {
        const cookiesSeen = profile.session.snapshots.at(-1)?.jar.length ?? 0;
        options.onProgress?.({
          stage,
          pagesDone: runsDone,
          pagesKnown: STATES.length,
          cookiesSeen,
          consentState: state,
        });
      };
      const { pageLifeMs } = environment.settings;
      const bytesReceived = (): number => profile.gateway.bytesReceived();
      await access.enter(profile.session, { startUrl: audit.url, deadline, bytesReceived });
      const visit = await visitState(profile, {
        state,
        startUrl: audit.url,
        pageLifeMs,
        deadline,
        consentMode,
        onStage,
      });
      onStage('collecting');
      return await finishRun(audit, profile, visit, { access, deadline, startedAtMs });
    },
  );
}

async function finishRun(
  { url, begunAtMs, environment }: Audit,
  profile: CleanProfile,
  { gathered, run, moments, leads, notes }: StateVisit,
  { access, deadline, startedAtMs }: { access: ProfileAccess; deadline: Deadline; startedAtMs: number },
): Promise<FinishedRun> {
  const last = await readFinalJar(profile.session, deadline.passed);
  const cookies = uniqueCookies([...last.cookies, ...(moments.beforeWithdrawal ?? [])]);
  const visit = {
    ...{ requestedUrl: url, gathered, access, begunAtMs, deadline, exploration: NOTHING_ELSE, start: null },
    jar: { ...last, cookies },
  };
  const observation = await observeProfile(profile, visit, environment);
  const { status, statusReason, finalUrl } = observation;
  const durationMs = Math.round(performance.now() - begunAtMs - startedAtMs);
  return {
    observed: {
      run: { ...run, status, statusReason, startedAtMs, durationMs, finalUrl },
      observation,
      lastJar: last.cookies,
      jarBeforeChoice: moments.beforeChoice,
      jarBeforeWithdrawal: moments.beforeWithdrawal,
    },
    leads,
    notes,
  };
}

/** Of two entries of one cookie, the later one: what was withdrawn is described as it was agreed to. */
function uniqueCookies(cookies: readonly JarCookie[]): JarCookie[] {
  return [...new Map(cookies.map((cookie) => [jarKey(cookie), cookie])).values()];
}
