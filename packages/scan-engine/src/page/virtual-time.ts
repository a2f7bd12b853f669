import type { CDPSession } from '../browser/cdp.ts';

/**
 * How many tasks may run before the browser pushes the clock on although work is left; a page that always has
 * something to do would otherwise stand still. @see CDP Emulation.setVirtualTimePolicy
 */
const STARVATION_TASKS_MAX = 100_000;

/**
 * What the clock does while the frame waits for the network: stand, so that a slow answer uses up no budget, or
 * run on, where waiting has had its time.
 */
export type ClockPolicy = 'pauseIfNetworkFetchesPending' | 'advance';

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
  let onExpired = (): void => undefined;
  const expired = new Promise<'expired' | 'gone'>((resolve) => {
    onExpired = () => resolve('expired');
    session.once('Emulation.virtualTimeBudgetExpired', onExpired);
    session
      .send('Emulation.setVirtualTimePolicy', {
        policy,
        budget: budgetMs,
        maxVirtualTimeTaskStarvationCount: STARVATION_TASKS_MAX,
      })
      .catch(() => resolve('gone'));
  });
  const end = await Promise.race([expired, limit]);
  session.off('Emulation.virtualTimeBudgetExpired', onExpired);
  return end === 'expired';
}
