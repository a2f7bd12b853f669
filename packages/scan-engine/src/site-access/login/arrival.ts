import type { AttachedTarget } from '../../browser/target-attacher.ts';
import { TIMED_OUT, within, type Deadline } from '../../deadline.ts';
import { LoginFailure } from './login-failure.ts';
import { isSamePlace, placeOf } from './login-window.ts';

/** Waits for where a step leads; begun before the step is taken, so that nothing is missed. */
export interface Arrival {
  /** @throws LoginFailure when the window goes elsewhere, or nowhere, until the time is up */
  wait(limit: Deadline): Promise<void>;
  stop(): void;
}

/**
 * Expects a window to arrive at an address, be it by a new document or within the one it shows.
 *
 * @param url - host and path count; null for any address
 */
export function expectArrival({ session, id }: AttachedTarget, url: string | null): Arrival {
  const arrived = Promise.withResolvers<undefined>();
  let last: string | null = null;
  const look = (reached: string): void => {
    last = reached;
    if (url === null || isSamePlace(reached, url)) arrived.resolve(undefined);
  };
  const onDocument = ({ frame }: { frame: { id: string; url: string } }): void => {
    if (frame.id === id) look(frame.url);
  };
  const onSamePage = (event: { frameId: string; url: string }): void => {
    if (event.frameId === id) look(event.url);
  };
  session.on('Page.frameNavigated', onDocument);
  session.on('Page.navigatedWithinDocument', onSamePage);
  return {
    async wait(limit) {
      if ((await within(arrived.promise, limit.remainingMs())) !== TIMED_OUT) return;
      const wanted = url === null ? 'another page' : placeOf(url);
      throw new LoginFailure(
        last === null
          ? `the page did not go to ${wanted}`
          : `the page went to ${placeOf(last)} and not to ${wanted}`,
      );
    },
    stop() {
      session.off('Page.frameNavigated', onDocument);
      session.off('Page.navigatedWithinDocument', onSamePage);
    },
  };
}
