import type { RequestRecord } from './request-log.ts';

/** Tells which requests are worth waiting for. */
export type RequestFilter = (request: RequestRecord) => boolean;

/** An address that scripts ask more often than this is asked for as long as the page lives. */
const REPEATS_MAX = 5;

/** Only these are made again and again by one piece of code; a page may well have many pictures of one kind. */
const POLLING_TYPES: ReadonlySet<string> = new Set(['Fetch', 'XHR', 'Ping']);

/**
 * Leaves out the requests of a page that polls: waiting for their answers is waiting for ever, since the next one
 * follows at once. Addresses count as the same when only their query or the digits in their path differ.
 */
export function withoutPolling(requests: readonly RequestRecord[]): RequestFilter {
  const counts = new Map<string, number>();
  for (const request of requests) {
    if (!POLLING_TYPES.has(request.type)) continue;
    const endpoint = endpointOf(request);
    counts.set(endpoint, (counts.get(endpoint) ?? 0) + 1);
  }
  return (request) =>
    !POLLING_TYPES.has(request.type) || (counts.get(endpointOf(request)) ?? 0) <= REPEATS_MAX;
}

function endpointOf({ hops }: RequestRecord): string {
  const [address = ''] = (hops[0]?.url ?? '').split(/[?#]/);
  const pathAt = address.indexOf('/', address.indexOf('//') + 2);
  return pathAt === -1 ? address : address.slice(0, pathAt) + address.slice(pathAt).replace(/\d+/g, '0');
}
