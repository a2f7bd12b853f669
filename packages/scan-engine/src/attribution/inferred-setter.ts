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
 * request went to the cookie's host, it was that one; otherwise it is the likeliest of those that were answered, or
 * on their way, when the cookie was first in the jar.
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
  const found = candidates.length === 1 ? candidates[0] : likeliest(candidates, cookie, snapshots);
  const hop = found?.hops.at(-1);
  if (!found || !hop) return UNKNOWN_SETTER;
  return {
    kind: 'http',
    url: hop.url,
    initiators: chains.ofRequest(found, found.hops.length - 1),
    confidence: 'inferred',
  };
}

/** @returns null when the cookie was never read, or when several requests on their way are equally likely */
function likeliest(
  candidates: readonly RequestRecord[],
  cookie: JarCookie,
  snapshots: readonly JarSnapshot[],
): RequestRecord | null {
  const firstIndex = snapshots.findIndex(({ jar }) => jar.some((held) => jarKey(held) === jarKey(cookie)));
  const first = snapshots[firstIndex];
  if (!first) return null;
  // What was answered before a reading without the cookie did not set it.
  const innocent = new Set(snapshots.slice(0, firstIndex).flatMap(({ afterRequestIds }) => afterRequestIds));
  const answered = new Set(first.afterRequestIds);
  // The jar has the cookie before anybody is told of the answer, so that requests on their way count too, where
  // an answer is told of in the end.
  const wasOnItsWay = ({ id, hops }: RequestRecord): boolean => {
    const last = hops.at(-1);
    return !innocent.has(id) && last !== undefined && last.status !== null && last.atMs <= first.atMs;
  };
  const isSuspect = (request: RequestRecord): boolean => answered.has(request.id) || wasOnItsWay(request);
  const likelihood = ({ id, type, target }: RequestRecord): number => {
    // The script of a worker rarely sets a cookie; what the worker then fetches often does.
    const isFetched = type !== 'Script' && type !== 'Other';
    return (isFetched ? 4 : 0) + (answered.has(id) ? 2 : 0) + (target.type === 'shared_worker' ? 1 : 0);
  };
  const suspects = candidates.filter(isSuspect).sort((a, b) => likelihood(b) - likelihood(a));
  const [best, second] = suspects;
  if (!best) return null;
  const isTie = second !== undefined && likelihood(second) === likelihood(best);
  return isTie && !answered.has(best.id) ? null : best;
}

/** True for a request whose last answer came over the network without its headers ever being reported. */
function isUnheard({ hops, rawResponses }: RequestRecord): boolean {
  const last = hops.at(-1);
  if (!last?.isFromNetwork) return false;
  const heard = Math.max(0, ...[...rawResponses.values()].map(({ length }) => length));
  // The browser may tell the headers after all when it had said that it would not.
  if (heard >= hops.length) return false;
  return !last.hasRawResponse || heard < hops.filter(({ hasRawResponse }) => hasRawResponse).length;
}

function belongsTo({ hops }: RequestRecord, domain: string): boolean {
  const url = hops.at(-1)?.url ?? '';
  if (!URL.canParse(url)) return false;
  const { hostname } = new URL(url);
  return domain.startsWith('.') ? `.${hostname}`.endsWith(domain) : hostname === domain;
}
