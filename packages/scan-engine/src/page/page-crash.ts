import type { CDPSession } from '../browser/cdp.ts';

/** Tells whether the process of a page has ended under it. */
export interface PageCrash {
  hasCrashed(): boolean;
  /** Waits for something the page does, but not for a page that can do nothing any more. */
  unlessCrashed(work: Promise<unknown>): Promise<void>;
}

/** Watches a page; `onCrashed` is called when its process ends. */
export function watchForCrash(session: CDPSession, onCrashed: () => void): PageCrash {
  let hasCrashed = false;
  const crashed = new Promise<void>((resolve) => {
    session.on('Inspector.targetCrashed', () => {
      hasCrashed = true;
      resolve();
      onCrashed();
    });
  });
  return {
    hasCrashed: () => hasCrashed,
    async unlessCrashed(work) {
      work.catch(() => undefined); // Once the page has crashed, nobody waits for it any more.
      await Promise.race([work, crashed]);
    },
  };
}
