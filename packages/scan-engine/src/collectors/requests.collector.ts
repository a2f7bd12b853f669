import type { Protocol } from '../browser/cdp.ts';
import { sendAndForget, type AttachedTarget } from '../browser/target-attacher.ts';
import type { Collector, ScanClock } from './collector.ts';
import { decodeHeader } from './header-text.ts';
import { preloadsIn } from './link-header.ts';
import {
  createRequestLog,
  type RawResponse,
  type RequestHop,
  type RequestLog,
  type RequestRecord,
} from './request-log.ts';

/** Frames of a WebSocket that carry text. @see RFC 6455 section 5.2 */
const TEXT_FRAME = 1;
const FRAMES_MAX = 200;
const BODY_CHARACTERS_MAX = 65_536;

/** Sees every request of every target and when the network has come to rest. */
export type RequestsCollector = Collector &
  Pick<
    RequestLog,
    'all' | 'find' | 'pendingCount' | 'untilQuiet' | 'untilSocketsOpen' | 'untilStalled' | 'whileLeaving'
  > & {
    /** What answers did that nobody can look at, in plain words. */
    notes(): string[];
  };

/**
 * Collects requests from the network events of every target.
 *
 * @param onUnheard - called for answers from the network whose raw headers the browser does not report, such as
 *   those to shared workers
 */
export function requestsCollector(
  clock: ScanClock,
  onUnheard: (request: RequestRecord) => void,
): RequestsCollector {
  const log = createRequestLog();
  let storageWritesUnseen = 0;
  return {
    attach(target) {
      const { session } = target;
      session.on('Network.requestWillBeSent', (event) => noteRequest(log, target, event, clock()));
      session.on('Network.responseReceived', (event) => {
        const unheard = noteResponse(log, event);
        if (unheard) onUnheard(unheard);
      });
      session.on('Network.responseReceivedExtraInfo', (event) => {
        if (writesSharedStorage(event.headers)) storageWritesUnseen += 1;
        log.addRaw(event.requestId, session.id(), rawResponse(event, clock()));
      });
      session.on('Network.loadingFinished', ({ requestId }) => {
        const request = log.find(requestId);
        if (request && isUnanswered(request)) onUnheard(request);
        log.finish(requestId, null);
      });
      session.on('Network.loadingFailed', ({ requestId, errorText }) => log.finish(requestId, errorText));
      listenToEarlyHints(log, target, clock);
      listenToSockets(log, target, clock);
      listenToDownloads(log, target, clock, onUnheard);
      sendAndForget(session, 'Network.enable', { maxTotalBufferSize: 0, maxResourceBufferSize: 0 });
    },
    detached: (target) => log.abandon(target),
    all: () => log.all(),
    find: (requestId) => log.find(requestId),
    pendingCount: (isRelevant) => log.pendingCount(isRelevant),
    untilQuiet: async (quietMs, limitMs, isRelevant) => await log.untilQuiet(quietMs, limitMs, isRelevant),
    untilSocketsOpen: async (limitMs) => await log.untilSocketsOpen(limitMs),
    whileLeaving: async (farewell) => await log.whileLeaving(farewell),
    untilStalled: async (stallMs, signal) => await log.untilStalled(stallMs, signal),
    notes: () =>
      storageWritesUnseen === 0
        ? []
        : [
            `${storageWritesUnseen} ${storageWritesUnseen === 1 ? 'answer' : 'answers'} told the browser to write to Shared Storage. What was written is not listed.`,
          ],
  };
}

function noteRequest(
  log: RequestLog,
  target: AttachedTarget,
  event: Protocol.Network.RequestWillBeSentEvent,
  atMs: number,
): void {
  const hop = sentHop(event.request, atMs);
  const known = log.find(event.requestId);
  if (!known) {
    log.open({
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
  const previous = known.hops.at(-1);
  // Without a redirect it is the same request, told by a second session.
  if (!event.redirectResponse || !previous || previous.url !== withoutFragment(event.redirectResponse.url))
    return;
  previous.status = event.redirectResponse.status;
  previous.hasRawResponse = event.redirectHasExtraInfo;
  known.hops.push(hop);
}

/** @returns the request when its raw headers will not be reported although it went over the network */
function noteResponse(log: RequestLog, event: Protocol.Network.ResponseReceivedEvent): RequestRecord | null {
  const { response, hasExtraInfo } = event;
  const request = log.find(event.requestId);
  const hop = request?.hops.at(-1);
  if (!request || !hop) return null;
  hop.status = response.status;
  hop.hasRawResponse = hasExtraInfo || hasUnannouncedRaw(request);
  hop.isFromNetwork = !(response.fromDiskCache || response.fromServiceWorker || response.fromPrefetchCache);
  request.type = event.type;
  if (event.type === 'Document') request.documentResponse = response;
  log.answered(request);
  // The browser does not tell when the style sheet of an XML document has ended.
  if (/\bxslt?\b/.test(response.mimeType)) log.finish(event.requestId, null);
  return !hop.hasRawResponse && hop.isFromNetwork ? request : null;
}

function listenToSockets(log: RequestLog, target: AttachedTarget, clock: ScanClock): void {
  const { session } = target;
  session.on('Network.webSocketCreated', ({ requestId, url, initiator }) =>
    log.open({
      id: requestId,
      type: 'WebSocket',
      frameId: null,
      documentUrl: target.url,
      initiator: initiator ?? null,
      target,
      hops: [newHop(url, clock())],
    }),
  );
  session.on('Network.webSocketHandshakeResponseReceived', ({ requestId, response: { status, headers } }) => {
    const request = log.find(requestId);
    const hop = request?.hops.at(-1);
    if (!request || !hop) return;
    hop.status = status;
    log.answered(request);
    const lines = setCookieLines(headers);
    if (lines.length === 0) return;
    log.addRaw(requestId, 'handshake', {
      atMs: clock(),
      status,
      setCookieLines: lines,
      blocked: [],
      partitionSite: null,
      clearsCookies: false,
    });
  });
  session.on('Network.webSocketFrameSent', ({ requestId, response: { opcode, payloadData } }) => {
    const frames = log.find(requestId)?.sentFrames;
    if (opcode !== TEXT_FRAME || !frames || frames.length >= FRAMES_MAX) return;
    frames.push({ atMs: clock(), text: payloadData.slice(0, BODY_CHARACTERS_MAX) });
  });
  session.on('Network.webSocketClosed', ({ requestId }) => log.finish(requestId, null));
}

/**
 * The browser asks for what early hints name before there is a document, and tells nobody. It does so for documents of
 * windows only.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8297
 */
function listenToEarlyHints(log: RequestLog, target: AttachedTarget, clock: ScanClock): void {
  target.session.on('Network.responseReceivedEarlyHints', ({ requestId, headers }) => {
    const document = log.find(requestId);
    const url = document?.hops.at(-1)?.url;
    if (!document || url === undefined) return;
    const atMs = clock();
    document.hintedCookies.push(...setCookieLines(headers).map((line) => ({ atMs, line })));
    if (document.type !== 'Document' || document.frameId !== target.id) return;
    for (const [index, hinted] of preloadsIn(headers, url).entries()) {
      const id = `hint ${requestId} ${index}`;
      const hop = { ...newHop(hinted, atMs), hasRawResponse: false };
      log.open({
        ...{ id, type: 'Other', frameId: document.frameId, documentUrl: url, target },
        ...{ initiator: { type: 'other', url }, hops: [hop] },
      });
      log.finish(id, null);
    }
  });
}

/** The browser fetches what a link with `download` names by itself, and tells no more of it than its address. */
function listenToDownloads(
  log: RequestLog,
  target: AttachedTarget,
  clock: ScanClock,
  onUnheard: (request: RequestRecord) => void,
): void {
  target.session.on('Page.downloadWillBegin', ({ guid, url, frameId }) => {
    if (!/^https?:/.test(url) || log.all().some(({ hops }) => hops.at(-1)?.url === url)) return;
    const id = `download ${guid}`;
    const hop = { ...newHop(url, clock()), hasRawResponse: false };
    log.open({ id, type: 'Other', frameId, documentUrl: target.url, initiator: null, target, hops: [hop] });
    const request = log.find(id);
    if (request) onUnheard(request);
    log.finish(id, null);
  });
}

/** True when raw headers of the last answer are there although the browser says that it does not report them. */
function hasUnannouncedRaw({ hops, rawResponses }: RequestRecord): boolean {
  const before = hops.slice(0, -1).filter(({ hasRawResponse }) => hasRawResponse).length;
  return [...rawResponses.values()].some(({ length }) => length > before);
}

/** True when a request is over and nobody has told of any answer to it, as of a service worker that starts quickly. */
function isUnanswered({ hops, rawResponses }: RequestRecord): boolean {
  return rawResponses.size === 0 && hops.at(-1)?.status === null;
}

function newHop(url: string, atMs: number): RequestHop {
  return {
    ...{ url, atMs, method: 'GET', referrer: null, body: null },
    ...{ status: null, hasRawResponse: true, isFromNetwork: true },
  };
}

function sentHop(request: Protocol.Network.Request, atMs: number): RequestHop {
  const { url, method, headers, postDataEntries } = request;
  const bodyBytes = postDataEntries?.map(({ bytes }) => Buffer.from(bytes ?? '', 'base64'));
  return {
    ...newHop(url, atMs),
    method,
    referrer: headers['Referer'] ?? headers['referer'] ?? null,
    body: bodyBytes ? Buffer.concat(bodyBytes).toString().slice(0, BODY_CHARACTERS_MAX) : null,
  };
}

function rawResponse(event: Protocol.Network.ResponseReceivedExtraInfoEvent, atMs: number): RawResponse {
  return {
    atMs,
    status: event.statusCode,
    setCookieLines: setCookieLines(event.headers),
    blocked: event.blockedCookies.map(({ cookieLine, blockedReasons }) => ({
      line: decodeHeader(cookieLine),
      reasons: blockedReasons,
    })),
    partitionSite: event.cookiePartitionKey?.topLevelSite ?? null,
    clearsCookies: clearsCookies(event.headers),
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

/** @see https://www.w3.org/TR/clear-site-data/#header */
function clearsCookies(headers: Protocol.Network.Headers): boolean {
  return Object.entries(headers).some(
    ([name, value]) => name.toLowerCase() === 'clear-site-data' && /"(?:cookies|\*)"/.test(value),
  );
}

/** @see https://wicg.github.io/shared-storage/#shared-storage-write-response-header */
function writesSharedStorage(headers: Protocol.Network.Headers): boolean {
  return Object.keys(headers).some((name) => name.toLowerCase() === 'shared-storage-write');
}

function withoutFragment(url: string): string {
  return url.split('#')[0] ?? url;
}
