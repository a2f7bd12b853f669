import type { CDPSession } from '../../browser/cdp.ts';
import type { AttachedTarget } from '../../browser/target-attacher.ts';
import type { Deadline } from '../../deadline.ts';
import type { ScanSession } from '../../scan-session.ts';
import { LoginFailure } from './login-failure.ts';

/** Pause between two looks at a page that does not say when it changes. */
const LOOK_AGAIN_MS = 50;

/** A frame that a step works in, and the window it is part of. */
export interface StepFrame {
  readonly frameId: string;
  /** Reaches the frame's documents. */
  readonly session: CDPSession;
  /** Takes the input: keys and mouse belong to a window. */
  readonly window: AttachedTarget;
}

/** Looks again and again until there is an answer; null when the time is up. */
export async function untilFound<T>(look: () => Promise<T | null>, limit: Deadline): Promise<T | null> {
  for (;;) {
    const found = await look();
    if (found !== null || limit.passed) return found;
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
}

/**
 * The window that a step names: `main`, or the address of another one that the login opened.
 *
 * @throws LoginFailure when it does not open in time
 */
export async function windowOf(
  scan: ScanSession,
  main: AttachedTarget,
  name: string,
  limit: Deadline,
): Promise<AttachedTarget> {
  if (name === 'main') return main;
  const look = async (): Promise<AttachedTarget | null> => {
    const windows = scan.targets.frames().filter(({ type }) => type === 'page');
    return windows.find(({ id }) => isSamePlace(scan.frames.urlOf(id) ?? '', name)) ?? null;
  };
  const found = await untilFound(look, limit);
  if (!found) throw new LoginFailure(`the window of ${placeOf(name)} did not open`);
  return found;
}

/**
 * The frame that a step names by the positions on the way to it.
 *
 * @throws LoginFailure when it is not there in time
 */
export async function frameOf(
  scan: ScanSession,
  window: AttachedTarget,
  way: readonly number[],
  limit: Deadline,
): Promise<StepFrame> {
  const look = async (): Promise<StepFrame | null> => {
    let frameId: string | undefined = window.id;
    for (const position of way) frameId = frameId && scan.frames.childrenOf(frameId)[position];
    const known = scan.frames.withSessions().find((frame) => frame.frameId === frameId);
    if (frameId === undefined || (known === undefined && frameId !== window.id)) return null;
    return { frameId, session: known?.session ?? window.session, window };
  };
  const found = await untilFound(look, limit);
  if (!found) throw new LoginFailure(`the page has no frame at position ${way.join(' / ')}`);
  return found;
}

/** Whether two addresses lead to the same host and path. */
export function isSamePlace(a: string, b: string): boolean {
  return URL.canParse(a) && URL.canParse(b) && placeOf(a) === placeOf(b);
}

/** Host and path of an address, without what may be different every time or secret. */
export function placeOf(url: string): string {
  if (!URL.canParse(url)) return url;
  const { host, pathname } = new URL(url);
  return `${host}${pathname.replace(/\/$/, '')}`;
}
