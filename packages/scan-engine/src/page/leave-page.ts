import type { CDPSession } from '../browser/cdp.ts';
import { sendAndForget } from '../browser/target-attacher.ts';
import { within, type Deadline } from '../deadline.ts';
import type { ScanSession } from '../scan-session.ts';

/** Bound on everything that leaving may take. */
const LEAVE_LIMIT_MS = 2_500;
/** The browser destroys a page whose farewell takes longer than half a second, whatever we do. */
const HOLD_LIMIT_MS = 450;
/** Answers to beacons that come after the page is gone are in the jar, but nobody says when. */
const LATE_ANSWER_LIMIT_MS = 700;
/** Pause without a new request after which the farewell counts as over. */
const QUIET_MS = 10;

/**
 * Runs as the last listener of the page's farewell and stops there. As long as it stops, the page is alive enough
 * for the answers to its last requests to be reported with their headers; a moment later nobody would hear them.
 */
const HOLD_SOURCE = `(() => {
  const hold = () => { debugger; };
  addEventListener('visibilitychange', hold);
  addEventListener('unload', hold);
})()`;

/**
 * Closes a page as a visitor does: its pagehide, visibilitychange and unload handlers run, its beacons are sent,
 * and their answers are waited for.
 */
export async function leavePage(scan: ScanSession, pageId: string, deadline: Deadline): Promise<void> {
  const { requests, targets } = scan;
  const target = await targets.whenAttached(pageId);
  const { session } = target;
  const limitMs = Math.min(LEAVE_LIMIT_MS, deadline.remainingMs());
  // The main frame of a page has the id of its target.
  await within(installHold(session, pageId), limitMs).catch(() => undefined); // A page too busy to hold is just closed.
  session.on('Debugger.paused', () => {
    void requests.untilQuiet(QUIET_MS, HOLD_LIMIT_MS).then(() => sendAndForget(session, 'Debugger.resume'));
  });
  sendAndForget(session, 'Page.close');
  await within(targets.whenDetached(target), limitMs);
  await requests.untilQuiet(QUIET_MS, Math.min(LATE_ANSWER_LIMIT_MS, deadline.remainingMs()));
}

async function installHold(session: CDPSession, frameId: string): Promise<void> {
  const { executionContextId } = await session.send('Page.createIsolatedWorld', {
    frameId,
    worldName: 'farewell',
  });
  await session.send('Debugger.enable', { maxScriptsCacheSize: 0 });
  await session.send('Debugger.setSkipAllPauses', { skip: false });
  await session.send('Runtime.evaluate', { contextId: executionContextId, expression: HOLD_SOURCE });
}
