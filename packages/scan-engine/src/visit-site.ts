import type { ScanStage } from '@cookie-scanner/contracts';
import type { StoredItem } from './collectors/page-storage.ts';
import { startDeadline, TIMED_OUT, within, type Deadline } from './deadline.ts';
import type { HostRecord } from './egress/host-log.ts';
import type { VisitedPage } from './observation.ts';
import type { PageOutcome } from './outcome.ts';
import { describeVisit } from './page/describe-visit.ts';
import { readSiteLinks } from './page/page-links.ts';
import { readPage } from './page/read-page.ts';
import { openPage, type Navigation, type PageDriver } from './page/page-visit.ts';
import type { ScanSession } from './scan-session.ts';

/** Bound on each question to a page about what it keeps. */
const COLLECT_LIMIT_MS = 3_000;
/** The same when the time is up: a page that still answers does so in a moment. */
const LATE_COLLECT_LIMIT_MS = 200;
/** Time for leaving a page when there is none left. */
const LAST_LEAVE_LIMIT_MS = 300;

/** Which pages are visited, and how. */
export interface VisitPlan {
  readonly startUrl: string;
  /** Pages at most, the start page included. */
  readonly pagesMax: number;
  /** Life of each page after load, on its own clock. */
  readonly pageLifeMs: number;
  readonly deadline: Deadline;
  /** What the egress gateway says of the hosts so far. */
  hosts(): readonly HostRecord[];
  /** Bytes that came through the egress gateway so far. */
  readonly bytesReceived: () => number;
  onStage(stage: ScanStage, pagesDone: number, pagesKnown: number): void;
}

/** What the visits of one site gathered beside what the collectors hold. */
export interface Gathered {
  readonly visits: VisitedPage[];
  readonly outcomes: PageOutcome[];
  readonly storage: StoredItem[];
  readonly clocksNotAdvanced: string[];
  /** Whether the start page came at all. */
  wasShown: boolean;
  botWall: string | null;
  pageLifeMs: number;
}

/** Before the first visit. */
function nothingGathered(): Gathered {
  return {
    visits: [],
    outcomes: [],
    storage: [],
    clocksNotAdvanced: [],
    wasShown: false,
    botWall: null,
    pageLifeMs: 0,
  };
}

/** Visits the start page and, where the plan allows more, pages of the same site that it links to. */
export async function visitSite(session: ScanSession, plan: VisitPlan): Promise<Gathered> {
  const { deadline, pagesMax } = plan;
  const gathered = nothingGathered();
  const queue = [plan.startUrl];
  const known = new Set(queue);

  for (
    let next = queue.shift();
    next !== undefined && gathered.visits.length < pagesMax;
    next = queue.shift()
  ) {
    if (gathered.visits.length > 0 && deadline.passed) break;
    const fromMs = session.clock();
    const page = await openPage(session);
    plan.onStage('navigating', gathered.visits.length, known.size);
    const navigation = await page.navigate(next, deadline);
    plan.onStage('settling', gathered.visits.length, known.size);
    const links = await livePage(page, navigation, session, gathered, plan);
    const visit = await describeVisit(next, navigation, page, session, plan.hosts());
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
    if (navigation.errorText === null && !navigation.timedOut)
      await session.files.takePageScreenshot(page, gathered.visits.length - 1, deadline);
    plan.onStage('leaving', gathered.visits.length, known.size);
    await page.leave(deadline.passed ? startDeadline(LAST_LEAVE_LIMIT_MS) : deadline, plan.bytesReceived);
  }
  return gathered;
}

/** Lets the page that was reached live, and reads what it keeps. Returns links to further pages when wanted. */
async function livePage(
  page: PageDriver,
  navigation: Navigation,
  session: ScanSession,
  gathered: Gathered,
  { pageLifeMs, pagesMax, deadline }: VisitPlan,
): Promise<string[]> {
  if (navigation.timedOut || navigation.errorText !== null) return [];
  await page.interact(deadline);
  const life = await page.live(pageLifeMs, deadline);
  gathered.pageLifeMs = Math.max(gathered.pageLifeMs, life.livedMs);
  gathered.clocksNotAdvanced.push(...life.clocksNotAdvanced);
  if (page.hasCrashed()) return [];
  const limitMs = Math.max(LATE_COLLECT_LIMIT_MS, Math.min(COLLECT_LIMIT_MS, deadline.remainingMs()));
  addStorage(gathered, await readPage(session, limitMs));
  if (pagesMax === 1) return [];
  const startUrl = gathered.visits[0]?.page.url ?? page.currentUrl() ?? '';
  const links = await within(readSiteLinks(page.target.session, page.mainFrameId, startUrl), limitMs);
  return links === TIMED_OUT ? [] : links;
}

/** Adds what was not known yet. */
function addStorage({ storage }: Gathered, items: readonly StoredItem[]): void {
  const known = new Set(storage.map(storageKey));
  storage.push(...items.filter((item) => !known.has(storageKey(item))));
}

function storageKey({ kind, origin, key }: StoredItem): string {
  return `${kind}\u0000${origin}\u0000${key}`;
}
