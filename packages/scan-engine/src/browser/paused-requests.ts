import type { CDPSession, Protocol } from './cdp.ts';
import { sendAndForget } from './target-attacher.ts';

/** Which requests or answers of a target are to be held until somebody says how they go on. */
interface PauseWish {
  readonly patterns: readonly Protocol.Fetch.RequestPattern[];
  /** Whether questions for a user name and a password are held too. */
  readonly handleAuthRequests?: boolean;
}

const wishes = new WeakMap<CDPSession, PauseWish[]>();

/**
 * Holds these too. The browser knows one list of patterns for a session, so that those who want to hold something must
 * not send theirs themselves: the later would replace the earlier. Everybody hears of everything that is held, and lets
 * go of what is theirs.
 */
export function pauseRequests(session: CDPSession, wish: PauseWish): void {
  const all = [...(wishes.get(session) ?? []), wish];
  wishes.set(session, all);
  sendAndForget(session, 'Fetch.enable', {
    patterns: all.flatMap(({ patterns }) => patterns),
    handleAuthRequests: all.some(({ handleAuthRequests }) => handleAuthRequests === true),
  });
}

/** True for something that is held when its answer, or a failure to get one, is there; false before it is sent. */
export function isAnswered(event: Protocol.Fetch.RequestPausedEvent): boolean {
  return event.responseStatusCode !== undefined || event.responseErrorReason !== undefined;
}
