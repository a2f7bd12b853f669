import type { Setter } from '@cookie-scanner/contracts';
import type { JarCookie } from '../collectors/cookie-jar.ts';
import type { RequestRecord, RequestsCollector } from '../collectors/requests.collector.ts';
import type { InitiatorChains } from './initiator-chain.ts';

/** Says that nobody was seen doing it. */
export const UNKNOWN_SETTER: Setter = { kind: 'unknown', url: null, initiators: [], confidence: 'unknown' };

/**
 * Looks for the setter of a cookie that nobody was seen setting. Some answers arrive when the page that asked is
 * already gone, and the browser then tells nobody about their headers. When exactly one such request went to the
 * cookie's host, it was that one.
 */
export function inferSetter(cookie: JarCookie, requests: RequestsCollector, chains: InitiatorChains): Setter {
  const candidates = requests.all().filter((request) => isUnheard(request) && belongsTo(request, cookie.domain));
  const [only, ...others] = candidates;
  const hop = only?.hops.at(-1);
  if (!only || !hop || others.length > 0) return UNKNOWN_SETTER;
  return { kind: 'http', url: hop.url, initiators: chains.ofRequest(only, only.hops.length - 1), confidence: 'inferred' };
}

/** True for a request whose last hop's headers were never reported. */
function isUnheard({ hops, rawResponses }: RequestRecord): boolean {
  const heard = Math.max(0, ...[...rawResponses.values()].map(({ length }) => length));
  return heard < hops.filter(({ hasRawResponse }) => hasRawResponse).length;
}

function belongsTo({ hops }: RequestRecord, domain: string): boolean {
  const url = hops.at(-1)?.url ?? '';
  if (!URL.canParse(url)) return false;
  const { hostname } = new URL(url);
  return domain.startsWith('.') ? `.${hostname}`.endsWith(domain) : hostname === domain;
}
