import { sendAndForget, type AttachedTarget } from '../browser/target-attacher.ts';
import type { RequestRecord } from '../collectors/request-log.ts';
import { within, type Deadline } from '../deadline.ts';
import type { ScanSession } from '../scan-session.ts';
import { evaluateApart } from './evaluate-apart.ts';

/** Bound on everything that a page's own farewell may take. */
const FAREWELL_LIMIT_MS = 2_000;
/** Answers to beacons, and to other last requests, that come later than this are missed. */
const BEACON_ANSWER_LIMIT_MS = 3_000;
const FETCH_ANSWER_LIMIT_MS = 700;
/** Answers to requests of frames that are gone; nobody reports them, but the network is seen to move. */
const UNHEARD_ANSWER_LIMIT_MS = 1_000;
/** Pause without a new request after which the farewell counts as over. */
const QUIET_MS = 10;
/** The same for bytes, of which nobody says which answer they belong to. */
const TRAFFIC_QUIET_MS = 100;

/**
 * Leads to an empty document of the same origin, and so of the same process: the browser then goes on reporting
 * what the page left behind asked for. Of a page that is closed it reports nothing more.
 */
const GO_AWAY = 'location.replace("about:blank")';

/**
 * Leaves a page as a visitor does: the farewell handlers of all its frames and windows run, their beacons are sent, and
 * the answers are waited for. Then the page is closed.
 *
 * @param bytesReceived - bytes that came from the network so far
 */
export async function leavePage(
  scan: ScanSession,
  pageId: string,
  deadline: Deadline,
  bytesReceived: () => number,
): Promise<void> {
  const { requests, targets } = scan;
  const page = await targets.whenAttached(pageId);
  const windows = targets.frames().filter(({ type }) => type === 'page');
  const before = bytesReceived();
  await requests.whileLeaving(async () => {
    const limitMs = Math.min(FAREWELL_LIMIT_MS, deadline.remainingMs());
    await within(Promise.all(windows.map(async (window) => await goAway(window))), limitMs);
    await untilAnswered(scan, windows, deadline);
    if (requests.pendingCount() > 0)
      await untilTrafficRests(
        bytesReceived,
        before,
        Math.min(UNHEARD_ANSWER_LIMIT_MS, deadline.remainingMs()),
      );
  });
  for (const { session } of windows) sendAndForget(session, 'Page.close');
  // A page whose process has ended cannot close itself.
  if (!targets.isAlive(page)) sendAndForget(scan.context.root, 'Target.closeTarget', { targetId: pageId });
  await within(targets.whenDetached(page), Math.min(FAREWELL_LIMIT_MS, deadline.remainingMs()));
}

/** Waits for the answers that the browser will report: those to requests of the windows themselves. */
async function untilAnswered(
  { requests }: ScanSession,
  windows: readonly AttachedTarget[],
  deadline: Deadline,
): Promise<void> {
  // The main frame of a page has the id of its target.
  const mainFrameIds = new Set(windows.map(({ id }) => id));
  const isReported = ({ frameId }: RequestRecord): boolean => frameId === null || mainFrameIds.has(frameId);
  // A fetch may or may not outlive its page, and nobody says which it is; a beacon does.
  await requests.untilQuiet(QUIET_MS, Math.min(FETCH_ANSWER_LIMIT_MS, deadline.remainingMs()), isReported);
  await requests.untilQuiet(
    QUIET_MS,
    Math.min(BEACON_ANSWER_LIMIT_MS - FETCH_ANSWER_LIMIT_MS, deadline.remainingMs()),
    (request) => request.type === 'Ping' && isReported(request),
  );
}

/** A page too busy to go, or that does not let itself be left, is just closed. */
async function goAway({ session, id }: AttachedTarget): Promise<void> {
  const left = new Promise<void>((resolve) => {
    session.on('Page.frameNavigated', ({ frame }) => {
      if (frame.id === id) resolve();
    });
  });
  await Promise.all([evaluateApart(session, id, GO_AWAY).catch(() => undefined), left]);
}

async function untilTrafficRests(
  bytesReceived: () => number,
  before: number,
  limitMs: number,
): Promise<void> {
  const endsAt = performance.now() + limitMs;
  for (let last = before, stillFor = 0; stillFor < TRAFFIC_QUIET_MS && performance.now() < endsAt;) {
    await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
    const bytes = bytesReceived();
    stillFor = bytes === last ? (bytes === before ? 0 : stillFor + QUIET_MS) : 0;
    last = bytes;
  }
}
