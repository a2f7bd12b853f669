import { decodeHeader } from '../collectors/header-text.ts';
import { sentCookies, setCookies } from './har-cookies.ts';
import type { HarExchange } from './har-exchange.ts';
import type { HarEntry, HarPair, HarRequest, HarResponse } from './har-format.ts';
import type { RawHeaders } from './har-log.ts';
import type { HarRedaction } from './har-redaction.ts';
import { harTimings, totalTime } from './har-timings.ts';

/** What an entry needs beside its exchange. */
export interface EntryContext {
  /** Unix milliseconds at the start of the scan. */
  readonly startedAtMs: number;
  readonly redaction: HarRedaction;
  readonly raw: RawHeaders;
  readonly pageref: string | null;
  readonly initiators: readonly string[];
  /** Address that the egress gateway connected to; null when it did not. */
  readonly serverAddress: string | null;
  /** Why the egress gateway refused the connection; null when it did not. */
  readonly refusal: string | null;
}

/** Writes one exchange as an entry, without what must not stand in it. */
export function harEntry(exchange: HarExchange, context: EntryContext): HarEntry {
  const { redaction, pageref, initiators, serverAddress } = context;
  const { answer } = exchange;
  const timings = harTimings(exchange, context.raw.received);
  // A page that was just being left reports raw headers and no more of an answer.
  const isFromNetwork = answer ? answer.cache === null : context.raw.received !== null;
  return {
    ...(pageref === null ? {} : { pageref }),
    startedDateTime: new Date(context.startedAtMs + exchange.atMs).toISOString(),
    time: totalTime(timings),
    request: requestOf(exchange, context),
    response: responseOf(exchange, context),
    cache: {},
    timings,
    ...(isFromNetwork && serverAddress !== null ? { serverIPAddress: serverAddress } : {}),
    ...(answer && isFromNetwork && answer.connectionId > 0
      ? { connection: String(answer.connectionId) }
      : {}),
    _resourceType: exchange.resourceType,
    _initiators: initiators.map((url) => redaction.text(url)),
    ...(answer?.cache ? { _fromCache: answer.cache } : {}),
  };
}

function requestOf(exchange: HarExchange, { redaction, raw: { sent } }: EntryContext): HarRequest {
  const headers = pairs(sent?.headers ?? exchange.headers);
  return {
    method: exchange.method,
    url: redaction.text(exchange.url),
    httpVersion: httpVersion(exchange),
    cookies: sentCookies(sent, valueOf(headers, 'cookie')).map((cookie) => redaction.cookie(cookie)),
    headers: headers.map((header) => redaction.header(header)),
    queryString: queryOf(exchange.url).map(({ name, value }) => ({
      name: redaction.text(name),
      value: redaction.text(value),
    })),
    headersSize: -1,
    bodySize: exchange.method === 'GET' ? 0 : Number(valueOf(headers, 'content-length') ?? -1),
  };
}

function responseOf(exchange: HarExchange, context: EntryContext): HarResponse {
  const { redaction, raw, startedAtMs } = context;
  const { answer, failure } = exchange;
  const headers = pairs(raw.received?.headers ?? answer?.headers ?? {});
  const cookieLines = headers.filter(({ name }) => name.toLowerCase() === 'set-cookie');
  const answeredAtMs = startedAtMs + (answer?.atMs ?? exchange.atMs);
  const cookies = setCookies(
    cookieLines.map(({ value }) => value),
    raw.received,
    exchange.url,
    answeredAtMs,
  );
  const error = failure?.error ?? null;
  const status = answer?.status ?? raw.received?.status ?? 0;
  return {
    status,
    statusText: answer?.statusText ?? '',
    httpVersion: httpVersion(exchange),
    cookies: cookies.map((cookie) => redaction.cookie(cookie)),
    headers: headers.map((header) => redaction.header(header)),
    content: contentOf(exchange, headers),
    redirectURL: redaction.text(valueOf(headers, 'location') ?? ''),
    headersSize: raw.received?.headersSizeBytes ?? -1,
    bodySize: bodySizeOf(exchange),
    _transferSize: exchange.transferBytes ?? -1,
    _error: context.refusal ? `${error ?? 'refused'} (${context.refusal})` : error,
    ...(failure?.blockedReason || failure?.corsError
      ? { _blockedReason: failure.blockedReason ?? failure.corsError ?? '' }
      : {}),
    ...(status === 0 && error === null ? { comment: 'the browser did not report the answer' } : {}),
  };
}

function contentOf(exchange: HarExchange, headers: readonly HarPair[]): HarResponse['content'] {
  const { bodyBytes, answer } = exchange;
  const bodySize = bodySizeOf(exchange);
  return {
    size: bodyBytes,
    mimeType: answer?.mimeType ?? valueOf(headers, 'content-type') ?? '',
    ...(bodySize >= 0 && bodyBytes >= bodySize ? { compression: bodyBytes - bodySize } : {}),
  };
}

/** Bytes of the body as they came over the network; 0 from a cache, -1 where nobody knows. */
function bodySizeOf({ answer, transferBytes, bodyBytes }: HarExchange): number {
  if (!answer || transferBytes === null) return -1;
  if (answer.cache !== null) return 0;
  const sizeBytes = Math.max(0, transferBytes - answer.receivedBytes);
  // Of icons and scripts of workers the browser tells the headers' size only.
  return sizeBytes === 0 && bodyBytes > 0 ? -1 : sizeBytes;
}

/** The protocol joins repeated headers by line feeds. */
function pairs(headers: Readonly<Record<string, string>>): HarPair[] {
  return Object.entries(headers).flatMap(([name, values]) =>
    values.split('\n').map((value) => ({ name, value: decodeHeader(value) })),
  );
}

function valueOf(headers: readonly HarPair[], name: string): string | null {
  return headers.find((header) => header.name.toLowerCase() === name)?.value ?? null;
}

function queryOf(url: string): HarPair[] {
  if (!URL.canParse(url)) return [];
  return [...new URL(url).searchParams].map(([name, value]) => ({ name, value }));
}

/** As the format writes it, such as `HTTP/1.1`. */
function httpVersion({ answer }: HarExchange): string {
  const version = answer?.httpVersion ?? '';
  return version === ''
    ? 'unknown'
    : version.replace(/^h2$/, 'http/2.0').replace(/^h3$/, 'http/3.0').toUpperCase();
}
