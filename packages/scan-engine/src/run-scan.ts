import type {
  ConsentState,
  ScanParams,
  ScanParamsInput,
  ScanStage,
  SiteObservation,
} from '@cookie-scanner/contracts';
import { isAnswering } from './browser/browser-failure.ts';
import type { RunningBrowser } from './browser/launch-browser.ts';
import { sendAndForget, type TargetAttacher } from './browser/target-attacher.ts';
import type { VisitorIdentity } from './visitor/visitor-identity.ts';
import type { JarCookie } from './collectors/cookie-jar.ts';
import { startDeadline, TIMED_OUT, within, type Deadline } from './deadline.ts';
import { openEgressGateway, type EgressGateway } from './egress/egress-gateway.ts';
import type { EgressPolicy } from './egress/egress-policy.ts';
import type { EngineSettings } from './engine-settings.ts';
import type { FileToSave } from './files/file-keeper.ts';
import { filesWanted, withFiles } from './files/scan-files.ts';
import { assembleObservation } from './observation.ts';
import { openScanSession, type ScanSession } from './scan-session.ts';
import { visitSite, type VisitPlan } from './visit-site.ts';
import { planVisitor } from './visitor/visitor.ts';

/** What a scan needs from its engine. */
export interface ScanEnvironment {
  readonly settings: EngineSettings;
  readonly browser: RunningBrowser;
  /** What every target says of itself; null where the browser speaks for itself. */
  readonly identity: VisitorIdentity | null;
  readonly attacher: TargetAttacher;
  /** Whether pages' icons must be asked for, because this browser does not do it by itself. */
  readonly requestsFavicons: boolean;
  /** Zone of the machine, as this browser tells it to pages; null when it did not say. */
  readonly timeZone: string | null;
  readonly thirdPartyCookies: 'allowed' | 'blocked' | 'untested';
  readonly egressPolicy: EgressPolicy;
}

/** One sign of progress of a running scan. */
export interface EngineProgress {
  readonly stage: ScanStage;
  readonly pagesDone: number;
  readonly pagesKnown: number;
  readonly cookiesSeen: number;
  /** Consent state that is being looked at; null in modes with only one. */
  readonly consentState: ConsentState | null;
}

/** How one scan is run. */
export interface ScanOptions {
  readonly params: ScanParamsInput;
  /** Ends the scan without a result; the returned promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  onProgress?(progress: EngineProgress): void;
  /**
   * Stores a file that the parameters ask for, and says where; the answer stands in the observation. Without it no
   * file is made. When it rejects, that file is missing and `quality.notes` says so.
   */
  saveFile?(file: FileToSave): Promise<string>;
  /** What stands in files for the value of a cookie; without it the value itself. */
  redactCookieValue?(value: string): string;
}

/** The same with every parameter decided. */
export type PlannedScan = Omit<ScanOptions, 'params'> & {
  readonly params: ScanParams;
  /** When the first try began, on the clock of `performance.now()`; now when left out. */
  readonly begunAtMs?: number;
};

/** Pages a scan visits at most, the start page included. */
const PAGES_MAX: Record<ScanParams['mode'], number> = { quick: 1, standard: 4, deep: 25, consent_audit: 1 };

/** Reading what was gathered must still be possible when the time is up. */
const COLLECT_LIMIT_MS = 2_000;
/** A context with busy pages takes its time to end, and nobody needs it any more. */
const DISPOSE_LIMIT_MS = 500;
/** Kept back from the deadline for leaving and collecting. */
const RESERVE_MS = 1_500;
/** Name servers that have not answered by then are slower than the whole life of the page was. */
const ALIASES_LIMIT_MS = 300;
const EGRESS_LIMITS = { bytesMax: 250_000_000, connectionsMax: 3_000, connectTimeoutMs: 10_000 };

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
  const startedAtMs = Math.round(Date.now() - (performance.now() - begunAtMs));
  const { settings, browser } = environment;
  const deadline = startDeadline(Math.max(1_000, options.params.timeoutMs - RESERVE_MS));
  const gateway = await openEgressGateway(environment.egressPolicy, EGRESS_LIMITS);
  let session: ScanSession | null = null;
  try {
    options.signal?.throwIfAborted();
    const visitor = planVisitor(options.params, environment);
    const wanted = filesWanted(options.params, options);
    session = await openScanSession(environment, gateway.port, visitor, { begunAtMs, wanted });
    const gathered = await untilAborted(
      untilGone(visitSite(session, planOf(url, options, environment, session, gateway, deadline)), browser),
      options.signal,
    );
    report(options, session, 'collecting', gathered.visits.length, gathered.visits.length);
    const timedOut = deadline.passed;
    const finalJar = await readFinalJar(session, timedOut);
    await within(gateway.untilAliasesKnown(), ALIASES_LIMIT_MS);
    if (!finalJar.isCurrent && !(await isAnswering(browser))) throw new Error('the browser does not answer');
    const main = gathered.outcomes[0] ?? { status: 'failed', reason: 'timeout' };
    const observation = assembleObservation({
      requestedUrl: url,
      startedAtMs,
      durationMs: Math.round(performance.now() - begunAtMs),
      browserVersion: browser.version,
      session,
      visits: gathered.visits,
      finalJar: finalJar.cookies,
      storage: gathered.storage,
      hosts: gateway.hosts(),
      finalUrl: gathered.wasShown ? (gathered.visits[0]?.page.url ?? null) : null,
      status: timedOut && main.status === 'success' ? 'partial' : main.status,
      statusReason: timedOut && main.status === 'success' ? 'timeout' : main.reason,
      quality: {
        thirdPartyCookies: environment.thirdPartyCookies,
        timedOut,
        botWall: gathered.botWall,
        pageLifeMs: gathered.pageLifeMs,
        clocksNotAdvanced: gathered.clocksNotAdvanced,
        browserIdentity: settings.identity,
        sandboxed: browser.sandboxed,
        notes: [...notesOn(gateway, finalJar), ...session.visitorNotes()],
      },
    });
    const facts = { visits: gathered.visits, hosts: gateway.hosts() };
    return await withFiles(observation, session, facts, deadline);
  } finally {
    // A browser that hangs is ended by whoever notices; the scan does not wait for it.
    if (session) await within(session.dispose(), DISPOSE_LIMIT_MS);
    await gateway.close();
  }
}

function planOf(
  startUrl: string,
  options: PlannedScan,
  { settings }: ScanEnvironment,
  session: ScanSession,
  gateway: EgressGateway,
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

function notesOn(gateway: EgressGateway, { wasRead }: FinalJar): string[] {
  return [
    ...(gateway.limitReached() ? ['The site used more network than a scan may; the rest was cut off.'] : []),
    ...(wasRead
      ? []
      : ['The browser did not tell which cookies it holds, so the list of cookies is not complete.']),
  ];
}

interface FinalJar {
  readonly cookies: readonly JarCookie[];
  /** False when the browser answered no question about the jar during the whole scan. */
  readonly wasRead: boolean;
  /** False when this is an earlier reading. */
  readonly isCurrent: boolean;
}

/** The jar after the last page was left; the last earlier reading when the browser does not answer any more. */
async function readFinalJar(session: ScanSession, isLate: boolean): Promise<FinalJar> {
  // A page that prints without end fills the connection that the answer must come over.
  if (isLate)
    for (const { session: page } of session.targets.frames()) sendAndForget(page, 'Runtime.disable');
  const jar = await within(session.snapshotJar(), COLLECT_LIMIT_MS);
  if (jar !== TIMED_OUT) return { cookies: jar, wasRead: true, isCurrent: true };
  const last = session.snapshots.at(-1);
  return { cookies: last?.jar ?? [], wasRead: last !== undefined, isCurrent: false };
}

/** Stops waiting for a browser that is gone: what the scan still holds must be given back at once. */
async function untilGone<T>(work: Promise<T>, browser: RunningBrowser): Promise<T> {
  const gone = browser.gone.then(() => {
    throw new Error('the browser process ended');
  });
  gone.catch(() => undefined);
  work.catch(() => undefined);
  return await Promise.race([work, gone]);
}

async function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return await work;
  work.catch(() => undefined);
  let onAbort = (): void => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    onAbort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
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
