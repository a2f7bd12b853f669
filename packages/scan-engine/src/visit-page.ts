import type { ScanStage } from '@cookie-scanner/contracts';
import type { StoredItem } from './collectors/page-storage.ts';
import { startDeadline, TIMED_OUT, within, type Deadline } from './deadline.ts';
import type { HostRecord } from './egress/host-log.ts';
import type { NextPage } from './exploration/exploration.ts';
import type { PageLink } from './exploration/page-address.ts';
import { describeVisit, type VisitDescription } from './page/describe-visit.ts';
import { readPageLinks } from './page/page-links.ts';
import { readPage } from './page/read-page.ts';
import { openPage, type PageDriver } from './page/page-visit.ts';
import { keepToSite } from './page/site-boundary.ts';
import type { ScanSession } from './scan-session.ts';
import { isSameSite } from './site.ts';

/** Bound on each question to a page about what it keeps. */
const COLLECT_LIMIT_MS = 3_000;
/** The same when the time is up: a page that still answers does so in a moment. */
const LATE_COLLECT_LIMIT_MS = 200;
/** Time for leaving a page when there is none left. */
const LAST_LEAVE_LIMIT_MS = 300;

/** How each page is visited. */
export interface PagePlan {
  /** Life of each page after load, on its own clock. */
  readonly pageLifeMs: number;
  /** Whether made-up words are typed into forms. */
  readonly typesIntoForms: boolean;
  /** What the egress gateway says of the hosts so far. */
  hosts(): readonly HostRecord[];
  /** Bytes that came through the egress gateway so far. */
  readonly bytesReceived: () => number;
  onStage(stage: ScanStage): void;
  /** Called with the address of the document that came, while the page still lives. */
  onShown(url: string): void;
}

/** What the visit of one page gathered beside what the collectors hold. */
export interface PageVisit extends VisitDescription {
  /** When it began, on the scan's clock. */
  readonly fromMs: number;
  /** Whether a document came at all. */
  readonly wasShown: boolean;
  readonly life: PageRemains;
}

/** What was read from a page before it was left. */
interface PageRemains {
  readonly livedMs: number;
  readonly clocksNotAdvanced: readonly string[];
  readonly storage: readonly StoredItem[];
  readonly links: readonly PageLink[];
}

const NOTHING: PageRemains = { livedMs: 0, clocksNotAdvanced: [], storage: [], links: [] };

/**
 * Visits one page in a session, from opening it to leaving it.
 *
 * @param index - how many pages the scan visited before
 */
export async function visitPage(
  session: ScanSession,
  { url, siteUrl }: NextPage,
  index: number,
  deadline: Deadline,
  plan: PagePlan,
): Promise<PageVisit> {
  const fromMs = session.clock();
  const page = await openPage(session);
  const boundary = siteUrl === null ? null : await keepToSite(session.context.root, page.target.id, siteUrl);
  plan.onStage('navigating');
  const navigation = await page.navigate(url, deadline, boundary);
  plan.onStage('settling');
  const wasShown = navigation.errorText === null && !navigation.timedOut;
  if (wasShown) plan.onShown(page.currentUrl() ?? url);
  const life = wasShown ? await livePage(page, session, siteUrl, deadline, plan) : NOTHING;
  const heldBackFrom = boundary?.heldBackFrom ?? null;
  const described = await describeVisit(url, navigation, page, session, plan.hosts(), heldBackFrom);
  if (wasShown) await session.files.takePageScreenshot(page, index, deadline);
  plan.onStage('leaving');
  await page.leave(deadline.passed ? startDeadline(LAST_LEAVE_LIMIT_MS) : deadline, plan.bytesReceived);
  return { ...described, fromMs, wasShown, life };
}

/** Lets the page that was reached live, and reads what it keeps and where it leads. */
async function livePage(
  page: PageDriver,
  session: ScanSession,
  siteUrl: string | null,
  deadline: Deadline,
  { pageLifeMs, typesIntoForms }: PagePlan,
): Promise<PageRemains> {
  await page.interact(deadline);
  if (typesIntoForms) await page.typeIntoForms(deadline);
  const life = await page.live(pageLifeMs, deadline);
  // How long it had lived by then, nobody says.
  if (page.hasCrashed()) return { ...NOTHING, clocksNotAdvanced: life.clocksNotAdvanced };
  const limitMs = Math.max(LATE_COLLECT_LIMIT_MS, Math.min(COLLECT_LIMIT_MS, deadline.remainingMs()));
  const storage = await readPage(session, limitMs);
  const links = await within(readLinks(page, session, siteUrl), limitMs);
  return { ...life, storage, links: links === TIMED_OUT ? [] : links };
}

/** Links of the page, then of its frames that show the same site, then addresses that its scripts gave it. */
async function readLinks(
  page: PageDriver,
  { frames }: ScanSession,
  siteUrl: string | null,
): Promise<PageLink[]> {
  const ownUrl = siteUrl ?? page.currentUrl() ?? '';
  const isOwn = (frameId: string): boolean => {
    // A frame without an address of its own shows what the document around it wrote.
    const urls = [frames.urlOf(frameId) ?? '', ...frames.ancestorsOf(frameId)];
    return isSameSite(urls.find((url) => /^https?:/.test(url)) ?? '', ownUrl);
  };
  const inner = frames.withSessions().filter(({ frameId }) => frameId !== page.mainFrameId && isOwn(frameId));
  const links = await Promise.all([
    readPageLinks(page.target.session, page.mainFrameId),
    ...inner.map(async ({ session, frameId }) => await readPageLinks(session, frameId)),
  ]);
  const routes = page.routes().map((href): PageLink => ({ href, text: '', isDownload: false }));
  return [...links.flat(), ...routes];
}
