import type { Protocol } from '../browser/cdp.ts';

const LINKS_MAX = 100;
const LINK = /<([^>]*)>((?:\s*;\s*[^,;<]+)*)/g;

/**
 * Addresses that `Link` headers ask a browser to load at once, against the address of the document.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8288#section-3
 */
export function preloadsIn(headers: Protocol.Network.Headers, documentUrl: string): string[] {
  const links = Object.entries(headers)
    .filter(([name]) => name.toLowerCase() === 'link')
    .flatMap(([, value]) => [...value.matchAll(LINK)]);
  const wanted = links.flatMap(([, href = '', parameters = '']) => {
    const isPreload = /;\s*rel\s*=\s*"?(?:[^"]*\s)?(?:module)?preload(?:\s|"|;|$)/i.test(parameters);
    const url = isPreload && URL.canParse(href, documentUrl) ? new URL(href, documentUrl) : null;
    return url !== null && /^https?:$/.test(url.protocol) ? [url.href] : [];
  });
  return [...new Set(wanted)].slice(0, LINKS_MAX);
}
