import type { Protocol } from '../browser/cdp.ts';

/** What the browser said of the request headers that really went out, cookies included. */
export interface SentHeaders {
  readonly headers: Protocol.Network.Headers;
  readonly cookies: readonly Protocol.Network.AssociatedCookie[];
}

/** What the browser said of the response headers as they came from the network. */
export interface ReceivedHeaders {
  readonly atMs: number;
  readonly headers: Protocol.Network.Headers;
  readonly status: number;
  /** Header block as text, where the protocol version has one; only its length is of use. */
  readonly headersSizeBytes: number | null;
  /** Refused cookies: the line, and the browser's words. */
  readonly blocked: ReadonlyMap<string, readonly string[]>;
}

/** The part of an answer that the record keeps. */
export interface HarAnswer {
  readonly atMs: number;
  readonly status: number;
  readonly statusText: string;
  readonly headers: Protocol.Network.Headers;
  readonly httpVersion: string;
  readonly mimeType: string;
  readonly timing: Protocol.Network.ResourceTiming | null;
  readonly connectionId: number;
  /** Where it came from instead of the network; null for the network. */
  readonly cache: 'disk' | 'service-worker' | 'prefetch' | null;
  /** Bytes received up to the headers' end. */
  readonly receivedBytes: number;
  /** Whether raw headers of this exchange are reported in events of their own. */
  readonly hasRawHeaders: boolean;
}

/** One request and its answer; a redirected request has one exchange for each hop. */
export interface HarExchange {
  readonly requestId: string;
  /** Position in the chain of redirects, from 0. */
  readonly hopIndex: number;
  readonly url: string;
  readonly method: string;
  readonly atMs: number;
  resourceType: string;
  /** As the page asked for it; what really went out may have more. */
  readonly headers: Protocol.Network.Headers;
  answer: HarAnswer | null;
  endedAtMs: number | null;
  /** Bytes over the network, headers included; null when the browser did not tell. */
  transferBytes: number | null;
  /** Bytes of the body after decompression. */
  bodyBytes: number;
  failure: HarFailure | null;
}

/** Why a request came to nothing, in the browser's words. */
interface HarFailure {
  readonly error: string;
  /** Such as `mixed-content` or `csp`; null when nobody blocked it. */
  readonly blockedReason: string | null;
  readonly corsError: string | null;
}

/** Reads what the protocol says of an answer. */
export function answerOf(
  response: Protocol.Network.Response,
  atMs: number,
  hasRawHeaders: boolean,
): HarAnswer {
  return {
    atMs,
    status: response.status,
    statusText: response.statusText,
    headers: response.headers,
    httpVersion: response.protocol ?? '',
    mimeType: response.mimeType,
    timing: response.timing ?? null,
    connectionId: response.connectionId,
    cache: response.fromServiceWorker
      ? 'service-worker'
      : response.fromPrefetchCache
        ? 'prefetch'
        : response.fromDiskCache
          ? 'disk'
          : null,
    receivedBytes: response.encodedDataLength,
    hasRawHeaders,
  };
}
