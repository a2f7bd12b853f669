import type { CDPSession } from '../browser/cdp.ts';
import type { PageLink } from '../exploration/page-address.ts';
import { evaluateApart } from './evaluate-apart.ts';

/** A page with more links lists things, and has room for the first ones. */
const LINKS_MAX = 2_000;
const TEXT_LENGTH_MAX = 60;
const HREF_LENGTH_MAX = 4_096;

/**
 * Reads links of a document and of its open shadow roots, without asking anything that the page could have named
 * one of its elements after.
 */
const READ_LINKS = `(() => {
  const ask = (root, selector) => (root === document ? Document : DocumentFragment).prototype.querySelectorAll.call(root, selector);
  const addressOf = (link) => {
    if (typeof link.href === 'string') return link.href;
    const href = link.getAttribute('href'); // A link within an SVG drawing.
    return URL.canParse(href, link.baseURI) ? new URL(href, link.baseURI).href : '';
  };
  const roots = [document];
  const links = [];
  for (const root of roots) {
    for (const link of ask(root, 'a[href], area[href]')) {
      if (links.length >= ${LINKS_MAX}) return links;
      const text = link.getAttribute('aria-label') || link.textContent || '';
      links.push([addressOf(link).slice(0, ${HREF_LENGTH_MAX}), text.trim().slice(0, ${TEXT_LENGTH_MAX}), link.hasAttribute('download')]);
    }
    for (const element of ask(root, '*')) if (element.shadowRoot) roots.push(element.shadowRoot);
  }
  return links;
})()`;

/**
 * Links of one frame in document order, with whole addresses. They are read in a world of our own, which the page
 * cannot reach into. None when the frame is gone or too busy to answer.
 */
export async function readPageLinks(session: CDPSession, frameId: string): Promise<PageLink[]> {
  const options = { returnByValue: true, timeout: 1_000 };
  const links = await evaluateApart(session, frameId, READ_LINKS, options).catch(() => null);
  return Array.isArray(links) ? links.flatMap(asLink) : [];
}

function asLink(link: unknown): PageLink[] {
  if (!Array.isArray(link)) return [];
  const [href, text, isDownload] = link as unknown[];
  if (typeof href !== 'string' || typeof text !== 'string' || typeof isDownload !== 'boolean') return [];
  return [{ href, text, isDownload }];
}
