import type { CDPSession } from '../browser/cdp.ts';
import { sendAndForget, type AttachedTarget } from '../browser/target-attacher.ts';
import { TIMED_OUT, within } from '../deadline.ts';
import { evaluateApart } from './evaluate-apart.ts';

/** Bound on one frame; a window that shows nothing draws none. */
const LIMIT_MS = 150;

/** How much faster than the wall clock animations run: they do not follow the page's own clock. */
const ANIMATION_SPEED = 100;

/** Resolves with the number of animations under way when the browser has drawn the window anew. */
const NEXT_FRAME =
  'new Promise((resolve) => requestAnimationFrame(() => resolve(document.getAnimations().length)))';

/**
 * Has windows drawn once. Time passes in a page without any drawing, but observers of what is visible are told, and
 * animations end, only when the page is drawn.
 *
 * @returns true when something on a page is still moving, so that another frame may bring more
 */
export async function drawFrame(windows: readonly AttachedTarget[]): Promise<boolean> {
  const moving = await within(
    Promise.all(windows.map(async ({ session, id }) => await drawWindow(session, id).catch(() => 0))),
    LIMIT_MS,
  );
  return moving !== TIMED_OUT && moving.some((count) => count > 0);
}

/** Lets the animations of a target's documents run at a speed that fits a clock which leaps. */
export function hastenAnimations({ session }: AttachedTarget): void {
  sendAndForget(session, 'Animation.setPlaybackRate', { playbackRate: ANIMATION_SPEED });
}

async function drawWindow(session: CDPSession, frameId: string): Promise<number> {
  const moving = await evaluateApart(session, frameId, NEXT_FRAME, { awaitPromise: true });
  return typeof moving === 'number' ? moving : 0;
}
