import type { JudgedCookie } from './judged-cookie.ts';
import type { JudgedSite } from './judged-site.ts';
import { hostOf } from '../web-address.ts';

/** Who sets a cookie, so that somebody can find it: the script or request, and the tag manager or script that loads it. */
export function whoSets(site: JudgedSite, { chain, cookie }: JudgedCookie): string | null {
  const setter = chain.links.at(-1);
  if (chain.kind === 'unknown' || setter === undefined) return null;
  const what =
    chain.kind === 'http'
      ? `the answer to ${setter.label}`
      : setter.url === null
        ? 'an inline script'
        : `the script ${setter.label}`;
  const manager = chain.links
    .slice(0, -1)
    .findLast(({ url }) => url !== null && kindOf(site, url) === 'tag-manager');
  const loader = manager ?? chain.links.slice(1, -1).at(-1);
  const isOwnDocument = setter.url === cookie.pages[0] && chain.links.length === 1;
  if (isOwnDocument) return chain.kind === 'http' ? `the site’s own server` : `a script in the page itself`;
  if (loader === undefined) return what;
  return manager === undefined
    ? `${what}, which ${loader.label} loads`
    : `${what}, a tag of the tag manager ${loader.label}`;
}

/** Advice for a cookie that comes although it must not: what to hold back, until when. */
export function holdBack(site: JudgedSite, judged: JudgedCookie, until: string): string {
  const who = whoSets(site, judged);
  if (who === null) {
    return `Nobody was seen setting it: look for its name in your code and in your tag manager, and hold back what sets it ${until}.`;
  }
  if (judged.chain.kind === 'http' && judged.chain.site === site.site) {
    return `It comes with ${who}: do not send this Set-Cookie header ${until}.`;
  }
  return `It is set by ${who}: do not load that ${until}.`;
}

function kindOf(site: JudgedSite, url: string): string | null {
  const host = hostOf(url);
  return host === null ? null : (site.vendorOf(host)?.kind ?? null);
}
