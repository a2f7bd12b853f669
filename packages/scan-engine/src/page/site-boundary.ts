import type { CDPSession, Protocol } from '../browser/cdp.ts';
import { isSameSite } from '../site.ts';

/** Holds one page back from leaving a site. */
export interface SiteBoundary {
  /** First address off the site that the page was held back from; null while there was none. */
  readonly heldBackFrom: string | null;
  /** Resolves when the page is held back for the first time. */
  readonly untilHeldBack: Promise<void>;
}

/**
 * Refuses every navigation of the page that leads off the site, redirects included, before it is sent. A page that
 * was shown already then stays. Frames and windows of the page go where they like.
 *
 * It speaks to the page over a session of its own, so that it is in nobody's way who intercepts requests too.
 */
export async function keepToSite(root: CDPSession, targetId: string, siteUrl: string): Promise<SiteBoundary> {
  const { sessionId } = await root.send('Target.attachToTarget', { targetId, flatten: true });
  const session = root.connection()?.session(sessionId);
  if (!session) throw new Error('the page is gone');
  let heldBackFrom: string | null = null;
  const held = Promise.withResolvers<undefined>();

  const judge = async ({ requestId, request, frameId }: Protocol.Fetch.RequestPausedEvent): Promise<void> => {
    // The main frame of a page has the id of its target.
    if (frameId !== targetId || isSameSite(request.url, siteUrl))
      return void (await session.send('Fetch.continueRequest', { requestId }));
    heldBackFrom ??= request.url;
    await session.send('Fetch.failRequest', { requestId, errorReason: 'Aborted' });
    held.resolve(undefined);
  };
  session.on('Fetch.requestPaused', (event) => {
    judge(event).catch(() => undefined); // The page is gone, and its request with it.
  });
  await session.send('Fetch.enable', { patterns: [{ urlPattern: '*', resourceType: 'Document' }] });
  return {
    get heldBackFrom() {
      return heldBackFrom;
    },
    untilHeldBack: held.promise,
  };
}
