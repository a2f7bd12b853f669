import type { PageObservation, ScanParams, ScanStage, SiteObservation } from '@cookie-scanner/contracts';
import type { CDPSession } from './browser/cdp.ts';
import type { RunningBrowser } from './browser/launch-browser.ts';
import type { TargetAttacher } from './browser/target-attacher.ts';
import type { VisitorIdentity } from './browser/visitor-identity.ts';
import type { JarCookie } from './collectors/cookie-jar.ts';
import { readPageStorage, type StoredItem } from './collectors/page-storage.ts';
import { startDeadline, TIMED_OUT, within, type Deadline } from './deadline.ts';
import { openEgressGateway, type EgressGateway, type HostRecord } from './egress/egress-gateway.ts';
import type { EgressPolicy } from './egress/egress-policy.ts';
import type { EngineSettings } from './engine-settings.ts';
import { assembleObservation, type VisitedPage } from './observation.ts';
import { botWallSign, pageOutcome, type PageOutcome } from './outcome.ts';
import { readSiteLinks } from './page/page-links.ts';
import { openPage, type Navigation, type PageDriver } from './page/page-visit.ts';
import { openScanSession, type ScanSession } from './scan-session.ts';

/** What a scan needs from its engine. */
export interface ScanEnvironment {
  readonly settings: EngineSettings;
  readonly browser: RunningBrowser;
  /** What every target says of itself; null where the browser speaks for itself. */
  readonly identity: VisitorIdentity | null;
  readonly attacher: TargetAttacher;
  readonly thirdPartyCookies: 'allowed' | 'blocked' | 'untested';
  readonly egressPolicy: EgressPolicy;
}

/** One sign of progress of a running scan. */
export interface EngineProgress {
  readonly stage: ScanStage;
  readonly pagesDone: number;
  readonly pagesKnown: number;
  readonly cookiesSeen: number;
}

/** How one scan is run. */
export interface ScanOptions {
  readonly params: ScanParams;
  /** Ends the scan without a result; the returned promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  onProgress?(progress: EngineProgress): void;
}

/** Pages a scan visits at most, the start page included. */
const PAGES_MAX: Record<ScanParams['mode'], number> = { quick: 1, standard: 4, deep: 25, consent_audit: 1 };

/** Reading what was gathered must still be possible when the time is up. */
const COLLECT_LIMIT_MS = 3_000;
/** Kept back from the deadline for leaving and collecting. */
const RESERVE_MS = 1_500;
const EGRESS_LIMITS = { bytesMax: 250_000_000, connectionsMax: 3_000, connectTimeoutMs: 10_000 };

/**
 * Scans one site and returns what was seen. Whatever the site does is an outcome in the observation.
 *
 * @throws the reason of `options.signal` when it fires
 * @throws when the browser itself fails
 */
export async function runScan(
  url: string,
  options: ScanOptions,
  environment: ScanEnvironment,
): Promise<SiteObservation> {
  const startedAtMs = Date.now();
  const startedAt = performance.now();
  const { settings, browser } = environment;
  const deadline = startDeadline(Math.max(1_000, options.params.timeoutMs - RESERVE_MS));
  const gateway = await openEgressGateway(environment.egressPolicy, EGRESS_LIMITS);
  let session: ScanSession | null = null;
  try {
    options.signal?.throwIfAborted();
    session = await openScanSession(environment, gateway.port);
    const gathered = await untilAborted(
      visitPages(url, options, settings, session, gateway, deadline),
      options.signal,
    );
    report(options, 'collecting', gathered.visits.length, session);
    const finalJar = await readFinalJar(session);
    const timedOut = deadline.passed;
    const main = gathered.outcomes[0] ?? { status: 'failed', reason: 'timeout' };
    return assembleObservation({
      requestedUrl: url,
      startedAtMs,
      durationMs: Math.round(performance.now() - startedAt),
      browserVersion: browser.version,
      session,
      visits: gathered.visits,
      finalJar,
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
        notes: gateway.limitReached()
          ? ['The site used more network than a scan may; the rest was cut off.']
          : [],
      },
    });
  } finally {
    await session?.dispose();
    await gateway.close();
  }
}

interface Gathered {
  readonly visits: VisitedPage[];
  readonly outcomes: PageOutcome[];
  readonly storage: StoredItem[];
  readonly clocksNotAdvanced: string[];
  /** Whether the start page came at all. */
  wasShown: boolean;
  botWall: string | null;
  pageLifeMs: number;
}

async function visitPages(
  url: string,
  options: ScanOptions,
  settings: EngineSettings,
  session: ScanSession,
  gateway: EgressGateway,
  deadline: Deadline,
): Promise<Gathered> {
  const gathered: Gathered = {
    visits: [],
    outcomes: [],
    storage: [],
    clocksNotAdvanced: [],
    wasShown: false,
    botWall: null,
    pageLifeMs: 0,
  };
  const pagesMax = PAGES_MAX[options.params.mode];
  const queue = [url];
  const known = new Set(queue);

  for (
    let next = queue.shift();
    next !== undefined && gathered.visits.length < pagesMax;
    next = queue.shift()
  ) {
    if (gathered.visits.length > 0 && deadline.passed) break;
    const fromMs = session.clock();
    const page = await openPage(session);
    report(options, 'navigating', gathered.visits.length, session, known.size);
    const navigation = await page.navigate(next, deadline);
    report(options, 'settling', gathered.visits.length, session, known.size);
    const links = await livePage(page, navigation, settings, session, gathered, deadline, pagesMax > 1);
    const visit = await describeVisit(next, navigation, page, session, gateway);
    gathered.wasShown ||=
      gathered.visits.length === 0 && navigation.errorText === null && !navigation.timedOut;
    gathered.visits.push({ fromMs, page: visit.page });
    gathered.outcomes.push(visit.outcome);
    gathered.botWall ??= visit.botWall;
    for (const link of links) {
      if (known.size >= pagesMax) break;
      if (!known.has(link)) queue.push(link);
      known.add(link);
    }
    report(options, 'leaving', gathered.visits.length, session, known.size);
    await page.leave(deadline.passed ? startDeadline(RESERVE_MS / 3) : deadline);
  }
  return gathered;
}

/** Lets the page that was reached live, and reads what it keeps. Returns links to further pages when wanted. */
async function livePage(
  page: PageDriver,
  navigation: Navigation,
  settings: EngineSettings,
  session: ScanSession,
  gathered: Gathered,
  deadline: Deadline,
  wantsLinks: boolean,
): Promise<string[]> {
  if (navigation.timedOut || navigation.errorText !== null) return [];
  await page.interact(deadline);
  const life = await page.live(settings.pageLifeMs, deadline);
  gathered.pageLifeMs = Math.max(gathered.pageLifeMs, life.livedMs);
  gathered.clocksNotAdvanced.push(...life.clocksNotAdvanced);
  if (page.hasCrashed()) return [];
  const limitMs = Math.max(500, Math.min(COLLECT_LIMIT_MS, deadline.remainingMs()));
  await within(session.snapshotJar(), limitMs);
  await within(
    session.scriptNames.resolve([...session.scripts.cookieWrites(), ...session.scripts.storageWrites()]),
    limitMs,
  );
  const storage = await within(readPageStorage(session.frames.withSessions()), limitMs);
  if (storage !== TIMED_OUT) {
    const known = new Set(gathered.storage.map(storageKey));
    gathered.storage.push(...storage.filter((item) => !known.has(storageKey(item))));
  }
  if (!wantsLinks) return [];
  const links = await within(
    readSiteLinks(page.target.session, page.mainFrameId, page.currentUrl() ?? ''),
    limitMs,
  );
  return links === TIMED_OUT ? [] : links;
}

async function describeVisit(
  requestedUrl: string,
  navigation: Navigation,
  page: PageDriver,
  session: ScanSession,
  gateway: EgressGateway,
): Promise<{ page: PageObservation; outcome: PageOutcome; botWall: string | null }> {
  const documents = session.requests
    .all()
    .filter(({ type, frameId }) => type === 'Document' && frameId === page.mainFrameId);
  const last = documents.at(-1);
  const lastHop = last?.hops.at(-1);
  const failed = navigation.errorText !== null || navigation.timedOut;
  const url = failed ? requestedUrl : (page.currentUrl() ?? requestedUrl);
  const shown = documents.findLast(({ hops }) => hops.at(-1)?.url === withoutFragment(url)) ?? last;
  const httpStatus = shown?.hops.at(-1)?.status ?? rawStatus(shown);
  const title = failed ? null : await readTitle(session.context.root, page.target.id);
  const outcome = pageOutcome({
    navigation: { ...navigation, crashed: page.hasCrashed() },
    httpStatus,
    title,
    host: hostRecord(gateway.hosts(), failed ? (lastHop?.url ?? url) : url),
    wasRedirected: (last?.hops.length ?? 1) > 1,
  });
  const redirects = documents
    .filter(({ hops }) => hops[0] !== undefined)
    .flatMap(({ hops }) => hops.map((hop) => hop.url))
    .slice(documentsBefore(documents, requestedUrl))
    .filter((hop) => hop !== url && hop !== withoutFragment(url));
  return {
    page: {
      url,
      httpStatus,
      status: outcome.status,
      statusReason: outcome.reason,
      title,
      redirects: [...new Set(redirects)],
    },
    outcome,
    botWall: botWallSign(httpStatus, title),
  };
}

/** Index of the first hop that belongs to the visit of `requestedUrl`. */
function documentsBefore(
  documents: readonly { hops: readonly { url: string }[] }[],
  requestedUrl: string,
): number {
  const urls = documents.flatMap(({ hops }) => hops.map(({ url }) => url));
  return Math.max(0, urls.lastIndexOf(withoutFragment(requestedUrl)));
}

/** Status of an answer that never became a document, such as 204 or a download. */
function rawStatus(
  request: { rawResponses: ReadonlyMap<string, readonly { status: number }[]> } | undefined,
): number | null {
  return [...(request?.rawResponses.values() ?? [])].flat().at(-1)?.status ?? null;
}

function hostRecord(hosts: readonly HostRecord[], url: string): HostRecord | null {
  if (!URL.canParse(url)) return null;
  const { hostname } = new URL(url);
  const bare = hostname.replace(/^\[|\]$/g, '');
  return hosts.findLast(({ host }) => host === bare || host === hostname) ?? null;
}

async function readTitle(root: CDPSession, targetId: string): Promise<string | null> {
  const answer = await within(root.send('Target.getTargetInfo', { targetId }), COLLECT_LIMIT_MS).catch(
    () => TIMED_OUT,
  );
  return answer === TIMED_OUT ? null : (answer as { targetInfo: { title: string } }).targetInfo.title;
}

/** The jar after the last page was left; the last earlier reading when the browser does not answer any more. */
async function readFinalJar(session: ScanSession): Promise<readonly JarCookie[]> {
  const jar = await within(session.snapshotJar(), COLLECT_LIMIT_MS);
  return jar === TIMED_OUT ? (session.snapshots.at(-1)?.jar ?? []) : jar;
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
  options: ScanOptions,
  stage: ScanStage,
  pagesDone: number,
  session: ScanSession,
  pagesKnown = 1,
): void {
  options.onProgress?.({
    stage,
    pagesDone,
    pagesKnown,
    cookiesSeen: session.snapshots.at(-1)?.jar.length ?? 0,
  });
}

function storageKey({ kind, origin, key }: StoredItem): string {
  return `${kind}\u0000${origin}\u0000${key}`;
}

function withoutFragment(url: string): string {
  return url.split('#')[0] ?? url;
}
