import type { CDPSession } from '../browser/cdp.ts';
import { isSameSite } from '../site.ts';

const LINKS_MAX = 2_000;

/**
 * Addresses on the scanned site that the page links to, in document order, without fragments. They are read in a
 * world of our own, which the page cannot reach into.
 *
 * @param startUrl - the start page as it was shown: links stay on its site, wherever the page itself may have led,
 *   and do not lead back to it
 */
export async function readSiteLinks(
  session: CDPSession,
  frameId: string,
  startUrl: string,
): Promise<string[]> {
  const world = await session
    .send('Page.createIsolatedWorld', { frameId, worldName: 'links' })
    .catch(() => null);
  if (!world) return [];
  const answer = await session
    .send('Runtime.evaluate', {
      contextId: world.executionContextId,
      expression: `Array.from(document.links).slice(0, ${LINKS_MAX}).map((link) => link.href)`,
      returnByValue: true,
      timeout: 1_000,
    })
    .catch(() => null);
  const hrefs: unknown = answer?.result.value;
  if (!Array.isArray(hrefs)) return [];
  const links = hrefs
    .filter((href): href is string => typeof href === 'string' && URL.canParse(href))
    .map((href) => {
      const url = new URL(href);
      url.hash = '';
      return url.href;
    });
  const withoutFragment = startUrl.split('#')[0];
  return [...new Set(links)].filter(
    (link) => /^https?:/.test(link) && isSameSite(link, startUrl) && link !== withoutFragment,
  );
}
