import type { CDPSession } from '../browser/cdp.ts';
import { isSameSite } from '../site.ts';

const LINKS_MAX = 2_000;

/**
 * Addresses on the same site that the page links to, in document order, without fragments. They are read in a
 * world of our own, which the page cannot reach into.
 */
export async function readSiteLinks(
  session: CDPSession,
  frameId: string,
  pageUrl: string,
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
  return [...new Set(links)].filter(
    (link) => /^https?:/.test(link) && isSameSite(link, pageUrl) && link !== pageUrl,
  );
}
