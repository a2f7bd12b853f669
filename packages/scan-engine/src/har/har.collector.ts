import type { CDPSession, Protocol } from '../browser/cdp.ts';
import type { Collector, ScanClock } from '../collectors/collector.ts';
import { answerOf, type ReceivedHeaders, type SentHeaders } from './har-exchange.ts';
import { createHarLog, type HarLog } from './har-log.ts';

/** When a page's document was parsed and loaded. */
export interface PageMoment {
  readonly atMs: number;
  readonly event: 'domContentLoaded' | 'load';
}

/** Records every request of every target with its headers. Only made for scans that want a HAR. */
export interface HarCollector extends Collector, Pick<HarLog, 'exchanges' | 'rawOf' | 'isIncomplete'> {
  moments(): readonly PageMoment[];
}

const MOMENTS_MAX = 1_000;

/** Times are those of the scan's clock: that of a page may stand still or run ahead. */
export function harCollector(clock: ScanClock): HarCollector {
  const log = createHarLog();
  const moments: PageMoment[] = [];
  const note = (event: PageMoment['event']): void => {
    if (moments.length < MOMENTS_MAX) moments.push({ atMs: clock(), event });
  };
  return {
    attach(target) {
      listenToRequests(log, target.session, clock);
      listenToSockets(log, target.session, clock);
      if (target.type !== 'page') return;
      target.session.on('Page.domContentEventFired', () => note('domContentLoaded'));
      target.session.on('Page.loadEventFired', () => note('load'));
    },
    exchanges: () => log.exchanges(),
    rawOf: (exchange) => log.rawOf(exchange),
    isIncomplete: () => log.isIncomplete(),
    moments: () => moments,
  };
}

function listenToRequests(log: HarLog, session: CDPSession, clock: ScanClock): void {
  session.on('Network.requestWillBeSent', (event) => noteRequest(log, event, clock()));
  session.on('Network.requestWillBeSentExtraInfo', (event) =>
    log.addSent(event.requestId, session.id(), sentHeaders(event)),
  );
  session.on('Network.responseReceivedExtraInfo', (event) =>
    log.addReceived(event.requestId, session.id(), receivedHeaders(event, clock())),
  );
  session.on('Network.responseReceived', ({ requestId, response, type, hasExtraInfo }) => {
    const exchange = log.last(requestId);
    if (!exchange || exchange.answer) return;
    exchange.resourceType = type;
    exchange.answer = answerOf(response, clock(), hasExtraInfo);
  });
  session.on('Network.dataReceived', ({ requestId, dataLength }) => {
    const exchange = log.last(requestId);
    if (exchange && exchange.endedAtMs === null) exchange.bodyBytes += dataLength;
  });
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const exchange = log.last(requestId);
    if (!exchange) return;
    exchange.endedAtMs ??= clock();
    exchange.transferBytes ??= encodedDataLength;
  });
  session.on('Network.loadingFailed', ({ requestId, errorText, blockedReason, corsErrorStatus, type }) => {
    const exchange = log.last(requestId);
    if (!exchange || exchange.endedAtMs !== null) return;
    exchange.resourceType = type;
    exchange.endedAtMs = clock();
    exchange.failure = {
      error: errorText,
      blockedReason: blockedReason ?? null,
      corsError: corsErrorStatus?.corsError ?? null,
    };
  });
}

function noteRequest(log: HarLog, event: Protocol.Network.RequestWillBeSentEvent, atMs: number): void {
  const { requestId, redirectResponse, request } = event;
  const previous = log.last(requestId);
  if (previous) {
    // Without a redirect from where it is, it is the same request told by a second session.
    if (!redirectResponse || previous.answer || withoutFragment(redirectResponse.url) !== previous.url)
      return;
    previous.answer = answerOf(redirectResponse, atMs, event.redirectHasExtraInfo);
    previous.transferBytes = redirectResponse.encodedDataLength;
    previous.endedAtMs = atMs;
  }
  log.add({
    requestId,
    hopIndex: previous ? previous.hopIndex + 1 : 0,
    url: withoutFragment(request.url),
    method: request.method,
    atMs,
    resourceType: event.type ?? 'Other',
    headers: request.headers,
  });
}

function listenToSockets(log: HarLog, session: CDPSession, clock: ScanClock): void {
  session.on('Network.webSocketCreated', ({ requestId, url }) => {
    if (log.last(requestId)) return;
    const atMs = clock();
    log.add({ requestId, hopIndex: 0, url, method: 'GET', atMs, resourceType: 'WebSocket', headers: {} });
  });
  session.on('Network.webSocketWillSendHandshakeRequest', ({ requestId, request }) =>
    log.addSent(requestId, 'handshake', { headers: request.headers, cookies: [] }),
  );
  session.on('Network.webSocketHandshakeResponseReceived', ({ requestId, response }) => {
    const exchange = log.last(requestId);
    if (!exchange || exchange.answer) return;
    const { status, statusText, headers, headersText, requestHeaders } = response;
    if (requestHeaders) log.addSent(requestId, 'handshake', { headers: requestHeaders, cookies: [] });
    exchange.answer = {
      ...{ atMs: clock(), status, statusText, headers, httpVersion: 'http/1.1', mimeType: '', timing: null },
      ...{ connectionId: 0, cache: null, receivedBytes: headersText?.length ?? 0, hasRawHeaders: true },
    };
  });
  session.on('Network.webSocketFrameError', ({ requestId, errorMessage }) => {
    const exchange = log.last(requestId);
    if (exchange) exchange.failure ??= { error: errorMessage, blockedReason: null, corsError: null };
  });
  session.on('Network.webSocketClosed', ({ requestId }) => {
    const exchange = log.last(requestId);
    if (exchange) exchange.endedAtMs ??= clock();
  });
}

function sentHeaders(event: Protocol.Network.RequestWillBeSentExtraInfoEvent): SentHeaders {
  return { headers: event.headers, cookies: event.associatedCookies };
}

function receivedHeaders(
  event: Protocol.Network.ResponseReceivedExtraInfoEvent,
  atMs: number,
): ReceivedHeaders {
  return {
    atMs,
    headers: event.headers,
    status: event.statusCode,
    headersSizeBytes: event.headersText?.length ?? null,
    blocked: new Map(
      event.blockedCookies.map(({ cookieLine, blockedReasons }) => [cookieLine, blockedReasons]),
    ),
  };
}

function withoutFragment(url: string): string {
  return url.split('#')[0] ?? url;
}
