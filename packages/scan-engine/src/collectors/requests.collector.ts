import { sendAndForget, type AttachedTarget } from '../browser/target-attacher.ts';
import type { Protocol } from '../browser/cdp.ts';
import type { Collector, ScanClock } from './collector.ts';
import { decodeHeader } from './header-text.ts';

/** One step of a request: the first address, or one that a redirect led to. */
export interface RequestHop {
  readonly url: string;
  readonly atMs: number;
  status: number | null;
  /** Whether the browser reports the raw headers of this hop's response in an event of their own. */
  hasRawResponse: boolean;
  /** False when the answer came from a cache or a service worker, and so could not set a cookie. */
  isFromNetwork: boolean;
}

/** Raw response headers of one hop, as they came from the network. */
export interface RawResponse {
  readonly atMs: number;
  readonly status: number;
  /** Whole `Set-Cookie` lines, in order. */
  readonly setCookieLines: readonly string[];
  readonly blocked: readonly { line: string; reasons: readonly string[] }[];
  /** Top-level site that partitioned cookies of this response belong to; null where there is no partition. */
  readonly partitionSite: string | null;
}

/** One request with everything needed to say who caused it. */
export interface RequestRecord {
  readonly id: string;
  /** Resource type as the protocol names it, such as Document, Script, Image; Other when unknown. */
  type: string;
  readonly frameId: string | null;
  readonly documentUrl: string;
  readonly initiator: Protocol.Network.Initiator | null;
  readonly target: AttachedTarget;
  readonly hops: RequestHop[];
  /** Raw responses by the session that reported them: two sessions may both report the same ones. */
  readonly rawResponses: Map<string, RawResponse[]>;
  state: 'waiting' | 'receiving' | 'done';
  /** Why it failed, in the browser's words; null while it has not. */
  failure: string | null;
}

/** Sees every request of every target and when the network has come to rest. */
export interface RequestsCollector extends Collector {
  all(): readonly RequestRecord[];
  find(requestId: string): RequestRecord | null;
  /** Requests that a page could still be waiting for, streams and sockets left out. */
  pendingCount(): number;
  /** Resolves at once when nothing is pending, else when nothing was for `quietMs`, or after `limitMs`. */
  untilQuiet(quietMs: number, limitMs: number): Promise<void>;
}

/** Types that stay open by design; waiting for them would be waiting for ever. */
const ENDLESS_TYPES: ReadonlySet<string> = new Set(['EventSource', 'WebSocket', 'Media']);

/** Answers to these are of interest only until their headers are in: nothing runs when the body ends. */
const HEADERS_ONLY_TYPES: ReadonlySet<string> = new Set(['Image', 'Font', 'Media', 'Ping', 'Fetch', 'XHR', 'Other', 'Prefetch', 'CSPViolationReport']);

/** Requests that may go on when the page that sent them is gone. */
const OUTLIVING_TYPES: ReadonlySet<string> = new Set(['Ping', 'Fetch']);

/**
 * Collects requests from the network events of every target.
 *
 * @param onUnheard - called for answers from the network whose raw headers the browser does not report, such as
 *   those to shared workers
 */
export function requestsCollector(clock: ScanClock, onUnheard: (request: RequestRecord) => void): RequestsCollector {
  const requests = new Map<string, RequestRecord>();
  /** Raw responses that came before their request was announced. */
  const early = new Map<string, { sessionId: string; response: RawResponse }[]>();
  const watchers = new Set<() => void>();

  const changed = (): void => {
    for (const watcher of watchers) watcher();
  };
  const isPending = (request: RequestRecord): boolean =>
    request.state === 'waiting'
      ? !ENDLESS_TYPES.has(request.type)
      : request.state === 'receiving' && !HEADERS_ONLY_TYPES.has(request.type) && !ENDLESS_TYPES.has(request.type);
  const pendingCount = (): number => {
    let count = 0;
    for (const request of pending) if (isPending(request)) count += 1;
    return count;
  };
  const pending = new Set<RequestRecord>();
  const finish = (requestId: string, failure: string | null): void => {
    const request = requests.get(requestId);
    if (!request) return;
    request.state = 'done';
    request.failure = failure;
    pending.delete(request);
    changed();
  };

  const addRaw = (requestId: string, sessionId: string, response: RawResponse): void => {
    const request = requests.get(requestId);
    if (!request) {
      early.set(requestId, [...(early.get(requestId) ?? []), { sessionId, response }]);
      return;
    }
    request.rawResponses.set(sessionId, [...(request.rawResponses.get(sessionId) ?? []), response]);
    // A page that is just being closed reports no more than this of an answer.
    const isRedirect = response.status >= 300 && response.status < 400 && response.status !== 304;
    if (request.state === 'waiting' && !isRedirect) request.state = 'receiving';
    changed();
  };

  const open = (record: Omit<RequestRecord, 'rawResponses' | 'state' | 'failure'>): void => {
    const request: RequestRecord = { ...record, rawResponses: new Map(), state: 'waiting', failure: null };
    requests.set(record.id, request);
    pending.add(request);
    for (const { sessionId, response } of early.get(record.id) ?? []) addRaw(record.id, sessionId, response);
    early.delete(record.id);
    changed();
  };

  const onRequest = (target: AttachedTarget, event: Protocol.Network.RequestWillBeSentEvent): void => {
    const hop: RequestHop = { url: event.request.url, atMs: clock(), status: null, hasRawResponse: true, isFromNetwork: true };
    const known = requests.get(event.requestId);
    if (!known) {
      open({
        id: event.requestId,
        type: event.type ?? 'Other',
        frameId: event.frameId ?? null,
        documentUrl: event.documentURL,
        initiator: event.initiator,
        target,
        hops: [hop],
      });
      return;
    }
    if (!event.redirectResponse) return; // The same request, told by a second session.
    const previous = known.hops.at(-1);
    if (!previous || (previous.url !== event.redirectResponse.url && previous.url !== withoutFragment(event.redirectResponse.url))) return;
    previous.status = event.redirectResponse.status;
    previous.hasRawResponse = event.redirectHasExtraInfo;
    known.hops.push(hop);
  };

  return {
    attach(target) {
      const { session } = target;
      session.on('Network.requestWillBeSent', (event) => onRequest(target, event));
      session.on('Network.responseReceived', ({ requestId, response, hasExtraInfo, type }) => {
        const request = requests.get(requestId);
        const hop = request?.hops.at(-1);
        if (!request || !hop) return;
        hop.status = response.status;
        hop.hasRawResponse = hasExtraInfo;
        hop.isFromNetwork = !(response.fromDiskCache || response.fromServiceWorker || response.fromPrefetchCache);
        request.type = type;
        if (request.state === 'waiting') request.state = 'receiving';
        if (!hasExtraInfo && hop.isFromNetwork) onUnheard(request);
        changed();
      });
      session.on('Network.responseReceivedExtraInfo', (event) => addRaw(event.requestId, session.id(), rawResponse(event, clock())));
      session.on('Network.loadingFinished', ({ requestId }) => finish(requestId, null));
      session.on('Network.loadingFailed', ({ requestId, errorText }) => finish(requestId, errorText));
      session.on('Network.webSocketCreated', ({ requestId, url, initiator }) =>
        open({
          id: requestId,
          type: 'WebSocket',
          frameId: null,
          documentUrl: target.url,
          initiator: initiator ?? null,
          target,
          hops: [{ url, atMs: clock(), status: null, hasRawResponse: true, isFromNetwork: true }],
        }),
      );
      session.on('Network.webSocketHandshakeResponseReceived', ({ requestId, response }) => {
        const request = requests.get(requestId);
        const hop = request?.hops.at(-1);
        if (!request || !hop) return;
        hop.status = response.status;
        request.state = 'receiving';
        const lines = setCookieLines(response.headers);
        if (lines.length > 0) {
          addRaw(requestId, 'handshake', {
            atMs: clock(),
            status: response.status,
            setCookieLines: lines,
            blocked: [],
            partitionSite: null,
          });
        }
      });
      session.on('Network.webSocketClosed', ({ requestId }) => finish(requestId, null));
      sendAndForget(session, 'Network.enable', { maxTotalBufferSize: 0, maxResourceBufferSize: 0 });
    },
    detached(target) {
      for (const request of pending) {
        if (request.target === target && !OUTLIVING_TYPES.has(request.type)) finish(request.id, 'its page is gone');
      }
    },
    all: () => [...requests.values()],
    find: (requestId) => requests.get(requestId) ?? null,
    pendingCount,
    untilQuiet: async (quietMs, limitMs) => {
      if (pendingCount() === 0) return;
      await new Promise<void>((resolve) => {
        let quiet: NodeJS.Timeout | undefined;
        const end = (): void => {
          clearTimeout(quiet);
          clearTimeout(limit);
          watchers.delete(look);
          resolve();
        };
        const look = (): void => {
          clearTimeout(quiet);
          if (pendingCount() === 0) quiet = setTimeout(end, quietMs);
        };
        const limit = setTimeout(end, limitMs);
        watchers.add(look);
        look();
      });
    },
  };
}

function rawResponse(event: Protocol.Network.ResponseReceivedExtraInfoEvent, atMs: number): RawResponse {
  return {
    atMs,
    status: event.statusCode,
    setCookieLines: setCookieLines(event.headers),
    blocked: event.blockedCookies.map(({ cookieLine, blockedReasons }) => ({ line: decodeHeader(cookieLine), reasons: blockedReasons })),
    partitionSite: event.cookiePartitionKey?.topLevelSite ?? null,
  };
}

/** The protocol joins repeated headers by line feeds; `Set-Cookie` itself may contain commas but no line feed. */
function setCookieLines(headers: Protocol.Network.Headers): string[] {
  return Object.entries(headers)
    .filter(([name]) => name.toLowerCase() === 'set-cookie')
    .flatMap(([, value]) => value.split('\n'))
    .filter((line) => line.trim() !== '')
    .map(decodeHeader);
}

function withoutFragment(url: string): string {
  return url.split('#')[0] ?? url;
}
