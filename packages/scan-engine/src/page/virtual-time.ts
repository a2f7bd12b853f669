import type { CDPSession, Protocol } from '../browser/cdp.ts';
import { sendAndForget } from '../browser/target-attacher.ts';

/**
 * How many tasks may run before the browser pushes the clock on although work is left; a page that always has
 * something to do would otherwise stand still. Code that posts messages to itself runs this many between any two of
 * the page's frames, so it is what such a page costs. @see CDP Emulation.setVirtualTimePolicy
 */
const STARVATION_TASKS_MAX = 1_000;

/** Navigations of one page that its life follows; a page that reloads without end does not live for ever. */
const RESTARTS_MAX = 5;

/**
 * What the clock does while the frame waits for the network: stand, so that a slow answer uses up no budget, or
 * run on, where waiting has had its time.
 */
export type ClockPolicy = 'pauseIfNetworkFetchesPending' | 'advance';

/**
 * Lets the clock of a page that has lived, and so stands, run until `loading` is over: with a standing clock no page is
 * ever loaded. Without a budget it has no end, so it is stopped afterwards.
 */
export async function whileClockRuns<T>(session: CDPSession, loading: () => Promise<T>): Promise<T> {
  sendAndForget(session, 'Emulation.setVirtualTimePolicy', { policy: 'pauseIfNetworkFetchesPending' });
  const result = await loading();
  sendAndForget(session, 'Emulation.setVirtualTimePolicy', { policy: 'pause' });
  return result;
}

/**
 * Lets a frame live through `budgetMs` of its own time as fast as its work allows. Afterwards its clock stands.
 *
 * @param limit - resolves when the wall clock has had enough
 * @returns true when the whole budget passed; false when the limit, or the frame's end, came first
 */
export async function advanceClock(
  session: CDPSession,
  policy: ClockPolicy,
  budgetMs: number,
  limit: Promise<unknown>,
): Promise<boolean> {
  const settled = Promise.withResolvers<'expired' | 'gone'>();
  const start = (): void => {
    session
      .send('Emulation.setVirtualTimePolicy', {
        policy,
        budget: budgetMs,
        maxVirtualTimeTaskStarvationCount: STARVATION_TASKS_MAX,
      })
      .catch(() => settled.resolve('gone'));
  };
  let restarts = 0;
  const onNavigated = ({ frame }: Protocol.Page.FrameNavigatedEvent): void => {
    // A page that goes elsewhere may do so in another process, which knows nothing of the clock.
    if (frame.parentId !== undefined || restarts >= RESTARTS_MAX) return;
    restarts += 1;
    start();
  };
  const onExpired = (): void => settled.resolve('expired');
  const onCrashed = (): void => settled.resolve('gone');

  session.on('Emulation.virtualTimeBudgetExpired', onExpired);
  session.on('Page.frameNavigated', onNavigated);
  session.on('Inspector.targetCrashed', onCrashed);
  start();
  const end = await Promise.race([settled.promise, limit]);
  session.off('Emulation.virtualTimeBudgetExpired', onExpired);
  session.off('Page.frameNavigated', onNavigated);
  session.off('Inspector.targetCrashed', onCrashed);
  return end === 'expired';
}
