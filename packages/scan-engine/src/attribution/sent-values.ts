import type { RequestRecord } from '../collectors/request-log.ts';

/** Where in a request a value stands. */
type SentPlace = 'query' | 'path' | 'body' | 'referer' | 'websocket';

/** One piece of text that went out, with the name it went by. */
export interface SentValue {
  readonly place: SentPlace;
  /** Name of the parameter or field; null where it has none. */
  readonly name: string | null;
  readonly text: string;
}

/** What one hop of a request, or one frame of a socket, carried. */
export interface SentMessage {
  readonly atMs: number;
  readonly request: RequestRecord;
  readonly hopIndex: number;
  readonly url: URL;
  readonly values: readonly SentValue[];
}

/** A page can send as much as it likes; this much of one message is looked at. */
const VALUES_MAX = 500;
const TEXT_MAX = 65_536;
/** Ends of words in bodies and paths that are no forms. */
const BETWEEN_WORDS = /[^A-Za-z0-9_.~%+/=@-]+/;

/** Everything that requests carried to hosts on the network, in the order in which it was sent. */
export function sentMessages(requests: readonly RequestRecord[]): SentMessage[] {
  return requests
    .flatMap((request) => [...hopMessages(request), ...frameMessages(request)])
    .sort((a, b) => a.atMs - b.atMs);
}

function hopMessages(request: RequestRecord): SentMessage[] {
  return request.hops.flatMap((hop, hopIndex) => {
    const url = networkUrl(hop.url);
    if (!url) return [];
    const values = [
      ...parameters('query', url.searchParams),
      ...words('path', url.pathname),
      ...bodyValues(hop.body),
      ...refererValues(hop.referrer, url),
    ].slice(0, VALUES_MAX);
    return [{ atMs: hop.atMs, request, hopIndex, url, values }];
  });
}

function frameMessages(request: RequestRecord): SentMessage[] {
  const url = networkUrl(request.hops[0]?.url ?? '');
  if (!url) return [];
  return request.sentFrames.map(({ atMs, text }) => ({
    atMs,
    request,
    hopIndex: 0,
    url,
    values: words('websocket', text).slice(0, VALUES_MAX),
  }));
}

function networkUrl(url: string): URL | null {
  return /^(?:https?|wss?):/.test(url) && URL.canParse(url) ? new URL(url) : null;
}

function bodyValues(body: string | null): SentValue[] {
  if (body === null || body === '') return [];
  const text = body.slice(0, TEXT_MAX);
  return /^[^\s{}[\]"<>]+=[^\s{}[\]"<>]*$/.test(text)
    ? parameters('body', new URLSearchParams(text))
    : words('body', text);
}

/** Browsers tell other sites no more than the origin unless a page wants them to. */
function refererValues(referrer: string | null, to: URL): SentValue[] {
  const from = networkUrl(referrer ?? '');
  if (!from || from.host === to.host) return [];
  return parameters('referer', from.searchParams);
}

function parameters(place: SentPlace, params: URLSearchParams): SentValue[] {
  return [...params].map(([name, text]) => ({ place, name, text: text.slice(0, TEXT_MAX) }));
}

function words(place: SentPlace, text: string): SentValue[] {
  return text
    .slice(0, TEXT_MAX)
    .split(BETWEEN_WORDS)
    .flatMap((word) => (place === 'path' ? word.split('/') : [word]))
    .filter((word) => word !== '')
    .map((word) => ({ place, name: null, text: decoded(word) }));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
