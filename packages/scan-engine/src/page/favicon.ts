import type { CDPSession } from '../browser/cdp.ts';
import { within } from '../deadline.ts';
import { evaluateApart } from './evaluate-apart.ts';

const LIMIT_MS = 1_000;

/** Asks for the icon that the page names, or for the one at the usual place, as a browser with tabs does. */
const REQUEST_ICON = `(() => {
  if (!/^https?:$/.test(location.protocol)) return;
  const named = document.querySelector('link[rel~="icon" i]');
  new Image().src = named && named.href ? named.href : '/favicon.ico';
})()`;

/**
 * Requests the site's icon in place of a browser that has no tabs to show it in. Every visitor's browser asks for
 * it, and some answers set cookies.
 */
export async function requestFavicon(session: CDPSession, frameId: string): Promise<void> {
  await within(evaluateApart(session, frameId, REQUEST_ICON), LIMIT_MS).catch(() => undefined); // A page too busy for this shows itself in other ways.
}
