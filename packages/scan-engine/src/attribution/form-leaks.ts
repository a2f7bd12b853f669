import type { FormLeak, LeakChannel } from '@cookie-scanner/contracts';
import type { JarCookie } from '../collectors/cookie-jar.ts';
import type { StoredItem } from '../collectors/page-storage.ts';
import type { RequestHop, RequestRecord } from '../collectors/request-log.ts';
import type { TypedForms } from '../page/typed-forms.ts';
import type { CookieWrite } from './cookie-writes.ts';
import type { FoundMarker } from './form-markers.ts';
import type { InitiatorChains } from './initiator-chain.ts';

const LEAKS_MAX = 200;

/** What is looked through for typed text. */
interface LeakSources {
  readonly typed: TypedForms;
  readonly requests: readonly RequestRecord[];
  readonly writes: readonly CookieWrite[];
  readonly jar: readonly JarCookie[];
  readonly stored: readonly StoredItem[];
  readonly chains: InitiatorChains;
}

type Leak = Omit<FormLeak, 'count' | 'pageUrl'>;

/** Where typed text went, although no form was ever sent: to hosts, and into what the visitor's browser keeps. */
export function formLeaks(sources: LeakSources): FormLeak[] {
  const { pages } = sources.typed;
  if (pages.length === 0) return [];
  const found = new Map<string, FormLeak>();
  for (const leak of [...sentLeaks(sources), ...keptLeaks(sources)]) {
    const id = JSON.stringify([leak.field, leak.channel, leak.encoding, leak.url]);
    const known = found.get(id);
    const page = pages.findLast(({ atMs }) => atMs <= leak.atMs) ?? pages[0];
    if (known) known.count += 1;
    else if (found.size < LEAKS_MAX) found.set(id, { ...leak, pageUrl: page?.url ?? '', count: 1 });
  }
  return [...found.values()].sort((a, b) => a.atMs - b.atMs);
}

function sentLeaks({ typed, requests, chains }: LeakSources): Leak[] {
  const leaksIn = (request: RequestRecord, hopIndex: number, atMs: number, texts: SentText[]): Leak[] =>
    texts.flatMap(({ channel, text }) => {
      const marker = typed.markers.find(text);
      const url = request.hops[hopIndex]?.url ?? '';
      if (!marker || !URL.canParse(url)) return [];
      const { origin, pathname, hostname } = new URL(url);
      // The path may be where the text stands.
      const shown = typed.markers.find(pathname) ? `${origin}/*` : `${origin}${pathname}`;
      const initiators = chains.ofRequest(request, hopIndex);
      return [{ ...kindOf(marker), channel, url: shown, host: hostname, initiators, atMs: Math.round(atMs) }];
    });
  return requests.flatMap((request) => [
    ...request.hops.flatMap((hop, hopIndex) => leaksIn(request, hopIndex, hop.atMs, sentTexts(request, hop))),
    ...request.sentFrames.flatMap(({ atMs, text }) =>
      leaksIn(request, 0, atMs, [{ channel: 'websocket', text }]),
    ),
  ]);
}

interface SentText {
  readonly channel: LeakChannel;
  readonly text: string;
}

/** The texts that one hop of a request carried, with the channel that each left by. */
function sentTexts({ type }: RequestRecord, hop: RequestHop): SentText[] {
  if (!URL.canParse(hop.url)) return [];
  const { search, pathname, host } = new URL(hop.url);
  const special = type === 'Ping' ? 'beacon' : type === 'Image' ? 'image' : null;
  // A referrer tells the receiver's own site nothing new.
  const isForeign =
    hop.referrer !== null && URL.canParse(hop.referrer) && new URL(hop.referrer).host !== host;
  return [
    { channel: special ?? 'get_query', text: search },
    { channel: special ?? 'path', text: pathname },
    { channel: special ?? 'post_body', text: hop.body ?? '' },
    { channel: 'referer', text: isForeign ? hop.referrer : '' },
  ];
}

function keptLeaks({ typed, writes, jar, stored }: LeakSources): Leak[] {
  const atMs = Math.round(typed.pages.at(-1)?.atMs ?? 0);
  const inCookie = (value: string, host: string, initiators: string[], whenMs: number): Leak[] => {
    const marker = typed.markers.find(value);
    if (!marker) return [];
    return [
      { ...kindOf(marker), channel: 'cookie', url: `https://${host}/`, host, initiators, atMs: whenMs },
    ];
  };
  const written = writes.flatMap(({ cookie, host, setter, atMs: whenMs }) => {
    const initiators = setter.url === null ? setter.initiators : [setter.url, ...setter.initiators];
    return inCookie(cookie.value, cookie.domain ?? host, initiators, Math.round(whenMs));
  });
  const unseen = jar
    .map(({ value, domain }) => ({ value, host: domain.replace(/^\./, '') }))
    .filter(({ host }) => !written.some((leak) => leak.host === host))
    .flatMap(({ value, host }) => inCookie(value, host, [], atMs));
  const inStorage = stored.flatMap(({ kind, origin, marker }): Leak[] => {
    if (!marker || kind === 'cache' || !URL.canParse(origin)) return [];
    const channel = kind === 'local' ? 'local_storage' : 'session_storage';
    return [
      { ...kindOf(marker), channel, url: `${origin}/`, host: new URL(origin).hostname, initiators: [], atMs },
    ];
  });
  return [...written, ...unseen, ...inStorage];
}

function kindOf({ field, encoding }: FoundMarker): FoundMarker {
  return { field, encoding };
}
