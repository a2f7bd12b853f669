import type { Setter } from '@cookie-scanner/contracts';
import { jarKey, type JarCookie, type JarSnapshot } from '../collectors/cookie-jar.ts';
import type { RequestRecord } from '../collectors/request-log.ts';
import type { RequestsCollector } from '../collectors/requests.collector.ts';
import type { InitiatorChains } from './initiator-chain.ts';

/** Says that nobody was seen doing it. */
export const UNKNOWN_SETTER: Setter = { kind: 'unknown', url: null, initiators: [], confidence: 'unknown' };

/**
 * Looks for the setter of a cookie that nobody was seen setting. The browser tells nobody about the headers of some
 * answers: those to shared workers, and those that arrive when the page that asked is gone. When exactly one such
 * request went to the cookie's host, it was that one; otherwise it is the one after whose answer the cookie was
 * first in the jar.
 */
export function inferSetter(
  cookie: JarCookie,
  requests: RequestsCollector,
  snapshots: readonly JarSnapshot[],
  chains: InitiatorChains,
): Setter {
  const candidates = requests
    .all()
    .filter((request) => isUnheard(request) && belongsTo(request, cookie.domain));
  const suspects =
    snapshots.find(({ jar }) => jar.some((held) => jarKey(held) === jarKey(cookie)))?.afterRequestIds ?? [];
  const answered = candidates.filter(({ id }) => suspects.includes(id));
  // The script of a worker rarely sets a cookie; what the worker then fetches often does.
  const likely = answered.find(({ type }) => type !== 'Script' && type !== 'Other') ?? answered[0];
  const found = candidates.length === 1 ? candidates[0] : likely;
  const hop = found?.hops.at(-1);
  if (!found || !hop) return UNKNOWN_SETTER;
  return {
    kind: 'http',
    url: hop.url,
    initiators: chains.ofRequest(found, found.hops.length - 1),
    confidence: 'inferred',
  };
}

/** True for a request whose last answer came over the network without its headers ever being reported. */
function isUnheard({ hops, rawResponses }: RequestRecord): boolean {
  const last = hops.at(-1);
  if (!last?.isFromNetwork) return false;
  const heard = Math.max(0, ...[...rawResponses.values()].map(({ length }) => length));
  return !last.hasRawResponse || heard < hops.filter(({ hasRawResponse }) => hasRawResponse).length;
}

function belongsTo({ hops }: RequestRecord, domain: string): boolean {
  const url = hops.at(-1)?.url ?? '';
  if (!URL.canParse(url)) return false;
  const { hostname } = new URL(url);
  return domain.startsWith('.') ? `.${hostname}`.endsWith(domain) : hostname === domain;
}
