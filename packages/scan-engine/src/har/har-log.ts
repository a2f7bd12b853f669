import type { Protocol } from '../browser/cdp.ts';
import type { HarExchange, ReceivedHeaders, SentHeaders } from './har-exchange.ts';

/** Raw headers of one exchange; null where the browser told none. */
export interface RawHeaders {
  readonly sent: SentHeaders | null;
  readonly received: ReceivedHeaders | null;
}

type NewExchange = Pick<
  HarExchange,
  'requestId' | 'hopIndex' | 'url' | 'method' | 'atMs' | 'resourceType' | 'headers'
>;

/** Exchanges of one scan with their raw headers, within bounds. */
export interface HarLog {
  add(exchange: NewExchange): void;
  /** The newest hop of a request; null for one that is not recorded. */
  last(requestId: string): HarExchange | null;
  /** Raw headers come hop by hop, from one session or from several that all tell the same. */
  addSent(requestId: string, sessionId: string, sent: SentHeaders): void;
  addReceived(requestId: string, sessionId: string, received: ReceivedHeaders): void;
  /** In the order they began. */
  exchanges(): readonly HarExchange[];
  rawOf(exchange: HarExchange): RawHeaders;
  /** True when a bound was reached, so that later exchanges or headers are missing. */
  isIncomplete(): boolean;
}

/** Bounds on what a page can make us keep. */
const EXCHANGES_MAX = 10_000;
const TEXT_LENGTH_MAX = 32_000_000;

/** Addresses that name their content themselves or are inside the browser: nothing is sent anywhere. */
const NOT_SENT = /^(?:data|blob|about|chrome|chrome-error|devtools):/i;

type BySession<T> = Map<string, T[]>;

/** Opens an empty log. */
export function createHarLog(): HarLog {
  const all: HarExchange[] = [];
  const byRequest = new Map<string, HarExchange[]>();
  const sent = new Map<string, BySession<SentHeaders>>();
  const received = new Map<string, BySession<ReceivedHeaders>>();
  let textLength = 0;
  let isFull = false;

  const hasRoomFor = (length: number): boolean => {
    if (isFull || all.length >= EXCHANGES_MAX || textLength + length > TEXT_LENGTH_MAX) isFull = true;
    else textLength += length;
    return !isFull;
  };

  return {
    add(exchange) {
      if (NOT_SENT.test(exchange.url)) return;
      if (!hasRoomFor(exchange.url.length + headersLength(exchange.headers))) return;
      const kept: HarExchange = {
        ...exchange,
        ...{ answer: null, endedAtMs: null, transferBytes: null, bodyBytes: 0, failure: null },
      };
      all.push(kept);
      byRequest.set(exchange.requestId, [...(byRequest.get(exchange.requestId) ?? []), kept]);
    },
    last: (requestId) => byRequest.get(requestId)?.at(-1) ?? null,
    addSent(requestId, sessionId, headers) {
      if (hasRoomFor(headersLength(headers.headers))) append(sent, requestId, sessionId, headers);
    },
    addReceived(requestId, sessionId, headers) {
      if (hasRoomFor(headersLength(headers.headers))) append(received, requestId, sessionId, headers);
    },
    exchanges: () => all,
    rawOf(exchange) {
      const earlier = (byRequest.get(exchange.requestId) ?? []).slice(0, exchange.hopIndex);
      if (exchange.answer?.hasRawHeaders === false) return { sent: null, received: null };
      const index = earlier.filter(({ answer }) => answer?.hasRawHeaders !== false).length;
      const sentList = fullest(sent.get(exchange.requestId));
      const receivedList = fullest(received.get(exchange.requestId));
      // An answer that asks for credentials, and the one that follows, belong to the same hop: the last one counts.
      const at = isLastHop(exchange, byRequest) ? Math.max(index, sentList.length - 1) : index;
      const receivedAt = isLastHop(exchange, byRequest) ? Math.max(index, receivedList.length - 1) : index;
      return { sent: sentList[at] ?? null, received: receivedList[receivedAt] ?? null };
    },
    isIncomplete: () => isFull,
  };
}

function isLastHop(exchange: HarExchange, byRequest: ReadonlyMap<string, readonly HarExchange[]>): boolean {
  return byRequest.get(exchange.requestId)?.at(-1) === exchange;
}

function append<T>(map: Map<string, BySession<T>>, requestId: string, sessionId: string, item: T): void {
  const sessions = map.get(requestId) ?? new Map<string, T[]>();
  map.set(requestId, sessions);
  const items = sessions.get(sessionId) ?? [];
  sessions.set(sessionId, items);
  items.push(item);
}

/** What the session told that was there from the beginning. */
function fullest<T>(sessions: BySession<T> | undefined): readonly T[] {
  return [...(sessions?.values() ?? [])].reduce<readonly T[]>(
    (most, list) => (list.length > most.length ? list : most),
    [],
  );
}

function headersLength(headers: Protocol.Network.Headers): number {
  let length = 0;
  for (const [name, value] of Object.entries(headers)) length += name.length + value.length;
  return length;
}
