import type { AttachedTarget } from '../browser/target-attacher.ts';
import { TIMED_OUT, within, type Deadline } from '../deadline.ts';
import type { ScanSession } from '../scan-session.ts';
import { requestFavicon } from './favicon.ts';
import { watchForCrash, type PageCrash } from './page-crash.ts';
import { interact } from './interaction.ts';
import { leavePage } from './leave-page.ts';
import { livePageLife, type PageLife } from './page-life.ts';
import type { SiteBoundary } from './site-boundary.ts';
import { typeIntoForms } from './type-into-forms.ts';
import { whileClockRuns } from './virtual-time.ts';

/** A page that scrolls on without end writes an address for each step. */
const ROUTES_MAX = 50;
/** A page that has not finished loading by then goes on living all the same. */
const LOAD_LIMIT_MS = 15_000;
/** A parsed page that waits for a network without any sign of life waits for something that may never come. */
const LOAD_STALL_MS = 3_000;
/** A page that was held back from going elsewhere has stopped loading, which nobody announces. */
const HELD_BACK_LIMIT_MS = 1_000;
/** A socket that has not opened by then keeps nobody from typing. */
const SOCKETS_LIMIT_MS = 10_000;

/** How the navigation to a page ended. */
export interface Navigation {
  /** The browser's error, such as `net::ERR_NAME_NOT_RESOLVED`; null when a document came. */
  readonly errorText: string | null;
  /** True when no answer to the navigation came in time. */
  readonly timedOut: boolean;
  /** False when the page was still loading when we went on. */
  readonly loaded: boolean;
  readonly crashed: boolean;
}

/** A page of a session, from its opening to its end. */
export interface PageDriver {
  readonly target: AttachedTarget;
  readonly mainFrameId: string;
  /**
   * Goes to an address and waits until its page has loaded, or for as long as loading may take.
   *
   * @param boundary - what may hold the page back from going further; null when it may go anywhere
   */
  navigate(url: string, deadline: Deadline, boundary?: SiteBoundary | null): Promise<Navigation>;
  /** Address of the document that is shown now. */
  currentUrl(): string | null;
  /** Addresses that scripts gave the page while it was shown, as the routes of an application in one page. */
  routes(): readonly string[];
  /** Does what a visitor and the visitor's browser do with a page that has come. */
  interact(deadline: Deadline): Promise<void>;
  /** Types into the page's forms what nobody else would, and sends none of them. */
  typeIntoForms(deadline: Deadline): Promise<void>;
  live(budgetMs: number, deadline: Deadline): Promise<PageLife>;
  /** Leaves the page, so that everything it keeps for that moment happens, and waits for what it sends then. */
  leave(deadline: Deadline, bytesReceived: () => number): Promise<void>;
  hasCrashed(): boolean;
  /** Whether since its opening a process of it, or of what it opened, was ended because the browser held too much memory. */
  wasEndedForMemory(): boolean;
  /** Whether the page that was navigated to has loaded by now. */
  hasLoaded(): boolean;
}

/** How a navigation ended that brought a document and nothing else, but for what is said here. */
function endOf(crash: PageCrash, how: Partial<Navigation>): Navigation {
  return { errorText: null, timedOut: false, loaded: false, crashed: crash.hasCrashed(), ...how };
}

/** Types into a page's forms. One that goes elsewhere meanwhile, or falls silent, has shown what it does with it. */
async function typeInto(
  scan: ScanSession,
  { session, id }: AttachedTarget,
  deadline: Deadline,
): Promise<void> {
  const begin = async (): Promise<void> => {
    // What is typed is often sent through a socket; a visitor is slower than its opening.
    await scan.requests.untilSocketsOpen(Math.min(SOCKETS_LIMIT_MS, deadline.remainingMs() / 4));
    scan.forms.begin(scan.frames.urlOf(id) ?? '');
  };
  const url = scan.frames.urlOf(id) ?? '';
  await typeIntoForms(session, id, { markers: scan.forms.markers, deadline, begin }).catch(() =>
    scan.forms.cutShort(url),
  );
}

/** Opens a page in the session, with every collector in place before its first document. */
export async function openPage(session: ScanSession): Promise<PageDriver> {
  const target = await session.targets.whenAttached(await session.context.openPage());
  const { session: cdp, id: targetId } = target;
  // A page that is sent on while it still starts stays half-started for ever: its renderer must have answered first.
  await Promise.all([target.resumed, cdp.send('Page.getFrameTree')]);
  const endedBefore = session.crashes.endedForMemory();
  let loads = 0;
  let loadsBefore = 0;
  let hasLived = false;
  const loadWaiters = new Set<() => void>();
  const routes = new Set<string>();
  cdp.on('Page.navigatedWithinDocument', ({ frameId, url }) => {
    if (frameId === targetId && routes.size < ROUTES_MAX) routes.add(url);
  });
  const crash = watchForCrash(cdp, () => {
    for (const waiter of loadWaiters) waiter();
  });
  cdp.on('Page.loadEventFired', () => {
    loads += 1;
    for (const waiter of loadWaiters) waiter();
  });

  const untilLoaded = async (
    before: number,
    limitMs: number,
    boundary: SiteBoundary | null,
  ): Promise<boolean> => {
    const settled = new AbortController();
    const isLoaded = (): boolean =>
      loads > before || crash.hasCrashed() || (boundary?.heldBackFrom ?? null) !== null;
    const loaded = new Promise<void>((resolve) => {
      const look = (): void => {
        if (isLoaded()) resolve();
      };
      loadWaiters.add(look);
      settled.signal.addEventListener('abort', () => void loadWaiters.delete(look));
      look();
    });
    const parsed = new Promise<void>((resolve) => cdp.once('Page.domContentEventFired', () => resolve()));
    const stalled = parsed.then(
      async () => await session.requests.untilStalled(LOAD_STALL_MS, settled.signal),
    );
    const heldBack = boundary?.untilHeldBack.then(async () => await within(loaded, HELD_BACK_LIMIT_MS));
    await within(Promise.race([loaded, stalled, ...(heldBack ? [heldBack] : [])]), limitMs);
    settled.abort();
    return isLoaded();
  };

  const navigate: PageDriver['navigate'] = async (url, deadline, boundary = null) => {
    loadsBefore = loads;
    const answer = await within(
      cdp.send('Page.navigate', { url }, { timeout: 0 }).then(
        ({ errorText }) => errorText ?? null,
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      ),
      deadline.remainingMs(),
    );
    if (answer === TIMED_OUT) return endOf(crash, { timedOut: true });
    if (answer !== null) return endOf(crash, { errorText: answer });
    const limitMs = Math.min(LOAD_LIMIT_MS, deadline.remainingMs());
    return endOf(crash, { loaded: await untilLoaded(loadsBefore, limitMs, boundary) });
  };

  return {
    target,
    // The main frame of a page has the id of its target.
    mainFrameId: targetId,
    navigate: async (...destination) =>
      hasLived
        ? await whileClockRuns(cdp, async () => await navigate(...destination))
        : await navigate(...destination),
    currentUrl: () => session.frames.urlOf(targetId),
    routes: () => [...routes],
    async interact(deadline) {
      if (deadline.passed || crash.hasCrashed()) return;
      const visit = async (): Promise<void> => {
        const icon = session.requestsFavicons ? requestFavicon(cdp, targetId) : null;
        await Promise.all([icon, interact(cdp)]);
      };
      await within(crash.unlessCrashed(visit()), deadline.remainingMs());
    },
    async typeIntoForms(deadline) {
      if (!deadline.passed && !crash.hasCrashed())
        await crash.unlessCrashed(typeInto(session, target, deadline));
    },
    async live(budgetMs, deadline) {
      hasLived = true;
      return await livePageLife(session, budgetMs, deadline);
    },
    leave: (deadline, bytesReceived) => leavePage(session, targetId, deadline, bytesReceived),
    hasCrashed: () => crash.hasCrashed(),
    wasEndedForMemory: () => session.crashes.endedForMemory() > endedBefore,
    hasLoaded: () => loads > loadsBefore,
  };
}
