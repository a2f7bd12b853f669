import type { Setter } from '@cookie-scanner/contracts';
import { parseCookieLine, type CookieRequest } from '../collectors/cookie-line.ts';
import type { RawResponse, RequestHop, RequestRecord } from '../collectors/request-log.ts';
import type { RequestsCollector } from '../collectors/requests.collector.ts';
import type {
  CookieStoreWrite,
  DocumentCookieWrite,
  ScriptWritesCollector,
} from '../collectors/script-writes.collector.ts';
import type { InitiatorChains } from './initiator-chain.ts';

/** One observed attempt to write one cookie, from whatever side it came. */
export interface CookieWrite {
  readonly atMs: number;
  readonly cookie: CookieRequest;
  /** Host of the response or the document. */
  readonly host: string;
  readonly setter: Setter;
  /** What we know of its success: `refused` by the browser, `stored` as far as was seen, or `unsure`. */
  readonly outcome: 'stored' | 'refused' | 'unsure';
  /** The browser's words for a refusal. */
  readonly reasons: readonly string[];
  /** Address the browser judged the write by. */
  readonly url: string;
}

/** A cookie of this life may be gone before anybody looks. */
const BRIEF_LIFETIME_SECONDS = 60;

interface WriteSources {
  readonly requests: RequestsCollector;
  readonly scripts: ScriptWritesCollector;
  readonly chains: InitiatorChains;
  /** Unix milliseconds at the start of the scan; turns `Expires` into a lifetime. */
  readonly startedAtMs: number;
}

/** All attempts to write cookies, in the order they were seen. */
export function collectCookieWrites({ requests, scripts, chains, startedAtMs }: WriteSources): CookieWrite[] {
  const writes = [
    ...requests.all().flatMap((request) => httpWrites(request, chains, startedAtMs)),
    ...requests.all().flatMap((request) => hintedWrites(request, chains, startedAtMs)),
    ...scripts.cookieWrites().map((write) => scriptWrite(write, chains, startedAtMs)),
  ];
  return writes.sort((a, b) => a.atMs - b.atMs);
}

/** A response told the browser to forget every cookie of its site. */
export interface CookieClearing {
  readonly atMs: number;
  readonly url: string;
}

/** All answers with which sites cleared their cookies; without encryption browsers do not obey. */
export function collectCookieClearings(requests: RequestsCollector): CookieClearing[] {
  return requests
    .all()
    .flatMap(responsesByHop)
    .filter(({ url, response }) => response.clearsCookies && url.startsWith('https:'))
    .map(({ url, response }) => ({ atMs: response.atMs, url }))
    .sort((a, b) => a.atMs - b.atMs);
}

function httpWrites(request: RequestRecord, chains: InitiatorChains, startedAtMs: number): CookieWrite[] {
  return responsesByHop(request).flatMap(({ hopIndex, url, response }) => {
    const setter: Setter = {
      kind: 'http',
      url,
      initiators: chains.ofRequest(request, hopIndex),
      confidence: 'observed',
    };
    const refused = response.blocked.map(({ line, reasons }) => ({ line, reasons }));
    return response.setCookieLines.map((line): CookieWrite => {
      const at = refused.findIndex((entry) => entry.line === line);
      const refusal = at === -1 ? null : refused.splice(at, 1)[0];
      const cookie = parseCookieLine(line, url, startedAtMs + response.atMs);
      return {
        atMs: response.atMs,
        cookie,
        host: hostOf(url),
        setter,
        outcome: refusal ? 'refused' : httpOutcome(cookie),
        reasons: refusal?.reasons ?? [],
        url,
      };
    });
  });
}

/** Cookies that came before the answer, which no browser keeps. */
function hintedWrites(request: RequestRecord, chains: InitiatorChains, startedAtMs: number): CookieWrite[] {
  const hopIndex = request.hops.length - 1;
  const url = request.hops[hopIndex]?.url ?? '';
  return request.hintedCookies.map(({ atMs, line }) => ({
    ...{ atMs, url, host: hostOf(url), outcome: 'refused', reasons: ['EarlyHints'] },
    cookie: parseCookieLine(line, url, startedAtMs + atMs),
    setter: { kind: 'http', url, initiators: chains.ofRequest(request, hopIndex), confidence: 'observed' },
  }));
}

function lastHop({ hops }: RequestRecord): { hop: RequestHop; hopIndex: number } | undefined {
  const hop = hops.at(-1);
  return hop && { hop, hopIndex: hops.length - 1 };
}

/**
 * The browser passes over some cookies without a word, as those of requests without credentials; then only the jar
 * can tell. A cookie that lives too briefly for the jar to be read is believed.
 */
function httpOutcome({ lifetimeSeconds }: CookieRequest): CookieWrite['outcome'] {
  return lifetimeSeconds !== null && lifetimeSeconds <= BRIEF_LIFETIME_SECONDS ? 'stored' : 'unsure';
}

/** Pairs every raw response with the address that gave it. */
function responsesByHop(request: RequestRecord): { hopIndex: number; url: string; response: RawResponse }[] {
  const longest = [...request.rawResponses.values()].reduce<RawResponse[]>(
    (best, list) => (list.length > best.length ? list : best),
    [],
  );
  const reporting = request.hops.flatMap((hop, hopIndex) => (hop.hasRawResponse ? [{ hop, hopIndex }] : []));
  return longest.flatMap((response, index) => {
    // More responses than hops: the last address was asked again, as after an authentication challenge.
    const found = reporting[index] ?? reporting.at(-1) ?? lastHop(request);
    return found ? [{ hopIndex: found.hopIndex, url: found.hop.url, response }] : [];
  });
}

function scriptWrite(
  write: DocumentCookieWrite | CookieStoreWrite,
  chains: InitiatorChains,
  startedAtMs: number,
): CookieWrite {
  const setter: Setter = { kind: write.kind, ...chains.ofScript(write) };
  const url = contextUrl(write);
  const nowMs = startedAtMs + write.atMs;
  const cookie =
    write.kind === 'javascript' ? parseCookieLine(write.line, url, nowMs) : cookieStoreRequest(write, nowMs);
  return {
    atMs: write.atMs,
    cookie,
    host: hostOf(url),
    setter,
    outcome: scriptOutcome(write, cookie),
    reasons: [],
    url,
  };
}

function scriptOutcome(
  write: DocumentCookieWrite | CookieStoreWrite,
  cookie: CookieRequest,
): CookieWrite['outcome'] {
  if (write.kind === 'cookie-store') return write.succeeded === false ? 'refused' : 'stored';
  const isDeletion = cookie.lifetimeSeconds !== null && cookie.lifetimeSeconds <= 0;
  return write.visible || isDeletion ? 'stored' : 'unsure';
}

/** CookieStore's defaults differ from the header's: path `/`, SameSite Strict, and Secure. */
function cookieStoreRequest(write: CookieStoreWrite, nowMs: number): CookieRequest {
  const line = [
    `${write.name}=${write.value}`,
    'secure',
    `path=${write.path ?? '/'}`,
    `samesite=${write.sameSite ?? 'strict'}`,
    ...(write.domain === null ? [] : [`domain=${write.domain}`]),
    ...(write.partitioned ? ['partitioned'] : []),
  ].join(';');
  const parsed = parseCookieLine(line, 'https://cookie-store.invalid/', nowMs);
  if (write.action === 'delete') return { ...parsed, lifetimeSeconds: 0 };
  return {
    ...parsed,
    lifetimeSeconds: write.expiresMs === null ? null : Math.round((write.expiresMs - nowMs) / 1000),
  };
}

/** A document without an address of its own (about:blank, srcdoc) writes for the document around it. */
function contextUrl({ documentUrl, ancestorUrls }: DocumentCookieWrite | CookieStoreWrite): string {
  return [documentUrl, ...ancestorUrls].find((url) => /^https?:/.test(url)) ?? documentUrl;
}

/** With brackets around an IPv6 address, as the jar writes it. */
function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : '';
}
