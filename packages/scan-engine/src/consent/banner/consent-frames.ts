import type { CDPSession } from '../../browser/cdp.ts';
import { TIMED_OUT, within } from '../../deadline.ts';
import type { ScanSession } from '../../scan-session.ts';

/** A frame with a world of our own in it, where the page can redefine nothing. */
export interface OwnWorld {
  readonly session: CDPSession;
  readonly frameId: string;
  readonly contextId: number;
}

/** A page with more frames than this is looked at in the first ones only. */
const FRAMES_MAX = 60;
/** A frame that is too busy to answer is passed over this time. */
const ANSWER_LIMIT_MS = 1_500;

/** Enters a world of that name in every frame that is there, out-of-process ones included. */
export async function enterOwnWorlds(scan: ScanSession, worldName: string): Promise<OwnWorld[]> {
  const alive = new Set(scan.targets.frames().map(({ session }) => session));
  const frames = scan.frames.withSessions().filter(({ session }) => alive.has(session));
  const worlds = await Promise.all(
    frames.slice(0, FRAMES_MAX).map(async ({ session, frameId }): Promise<OwnWorld[]> => {
      const answer = await within(
        session.send('Page.createIsolatedWorld', { frameId, worldName }),
        ANSWER_LIMIT_MS,
      ).catch(() => null); // The frame is gone.
      if (answer === null || answer === TIMED_OUT) return [];
      return [{ session, frameId, contextId: answer.executionContextId }];
    }),
  );
  return worlds.flat();
}

/** Evaluates in one of our worlds; null when the frame is gone, too busy, or the code failed. */
export async function evaluateIn(
  { session, contextId }: Pick<OwnWorld, 'session' | 'contextId'>,
  expression: string,
): Promise<unknown> {
  return await valueOf(session.send('Runtime.evaluate', { contextId, expression, returnByValue: true }));
}

/** Evaluates in the page's own world of the frame that the session is for; null when there was no answer. */
export async function evaluateInPage(session: CDPSession, expression: string): Promise<unknown> {
  return await valueOf(session.send('Runtime.evaluate', { expression, returnByValue: true, timeout: 1_000 }));
}

async function valueOf(
  evaluation: Promise<{ result: { value?: unknown }; exceptionDetails?: unknown }>,
): Promise<unknown> {
  const answer = await within(evaluation, ANSWER_LIMIT_MS).catch(() => null); // The frame is gone.
  if (answer === null || answer === TIMED_OUT || answer.exceptionDetails) return null;
  return answer.result.value ?? null;
}
