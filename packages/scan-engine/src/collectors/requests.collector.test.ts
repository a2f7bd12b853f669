import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Protocol } from '../browser/cdp.ts';
import {
  fakeTarget,
  rawHeaders,
  requestSent,
  responseReceived,
  type FakeTarget,
} from '../fake-target.test.helper.ts';
import type { RequestRecord } from './request-log.ts';
import { requestsCollector, type RequestsCollector } from './requests.collector.ts';

let nowMs = 0;
let unheard: RequestRecord[];
let collector: RequestsCollector;
let page: FakeTarget;

beforeEach(() => {
  jest.useFakeTimers();
  nowMs = 0;
  unheard = [];
  collector = requestsCollector(
    () => nowMs,
    (request) => unheard.push(request),
  );
  page = fakeTarget();
  collector.attach(page.target);
});
afterEach(() => void jest.useRealTimers());

/** Raw answers of a request by whatever session reported them. */
function rawOf(requestId: string): { status: number; lines: readonly string[] }[] {
  return [...(collector.find(requestId)?.rawResponses.values() ?? [])]
    .flat()
    .map(({ status, setCookieLines }) => ({ status, lines: setCookieLines }));
}

describe('an answer that writes to Shared Storage', () => {
  it('is told of, because nobody sees what it writes', () => {
    expect(collector.notes()).toEqual([]);
    page.emit('Network.requestWillBeSent', requestSent('r', 'https://cdn.test/a.gif'));
    page.emit('Network.responseReceivedExtraInfo', {
      ...{ requestId: 'r', statusCode: 200, blockedCookies: [] },
      headers: { 'Shared-Storage-Write': 'clear' },
    });
    expect(collector.notes()).toEqual([expect.stringContaining('1 answer told')]);
  });
});

describe('a request', () => {
  it('is kept with what caused it and what came of it', () => {
    nowMs = 40;
    page.emit('Network.requestWillBeSent', requestSent('r', 'https://cdn.test/a.gif'));
    page.emit('Network.responseReceived', responseReceived('r', { status: 404, type: 'Image' }));
    expect(collector.all()).toMatchObject([
      {
        id: 'r',
        type: 'Image',
        frameId: 'main',
        documentUrl: 'https://shop.test/',
        hops: [{ url: 'https://cdn.test/a.gif', atMs: 40, status: 404, isFromNetwork: true }],
      },
    ]);
  });

  it('keeps every hop of a redirect', () => {
    page.emit('Network.requestWillBeSent', requestSent('r', 'https://a.test/1'));
    page.emit(
      'Network.requestWillBeSent',
      requestSent('r', 'https://a.test/2', { redirectedFrom: { url: 'https://a.test/1', status: 302 } }),
    );
    page.emit(
      'Network.requestWillBeSent',
      requestSent('r', 'https://b.test/3', {
        redirectedFrom: { url: 'https://a.test/2', status: 307, hasExtraInfo: false },
      }),
    );
    page.emit('Network.responseReceived', responseReceived('r'));
    expect(collector.find('r')?.hops).toMatchObject([
      { url: 'https://a.test/1', status: 302, hasRawResponse: true },
      { url: 'https://a.test/2', status: 307, hasRawResponse: false },
      { url: 'https://b.test/3', status: 200 },
    ]);
  });

  it('is one request although two sessions tell of it', () => {
    const frame = fakeTarget({ type: 'iframe' });
    collector.attach(frame.target);
    for (const session of [page, frame]) {
      session.emit('Network.requestWillBeSent', requestSent('r', 'https://a.test/1'));
    }
    const redirected = requestSent('r', 'https://a.test/2', {
      redirectedFrom: { url: 'https://a.test/1', status: 302 },
    });
    for (const session of [page, frame]) session.emit('Network.requestWillBeSent', redirected);
    expect(collector.all()).toHaveLength(1);
    expect(collector.find('r')?.hops.map(({ url }) => url)).toEqual(['https://a.test/1', 'https://a.test/2']);
  });

  it('recognises the hop it comes from although that address had a fragment', () => {
    page.emit('Network.requestWillBeSent', requestSent('r', 'https://a.test/1'));
    page.emit(
      'Network.requestWillBeSent',
      requestSent('r', 'https://a.test/2', { redirectedFrom: { url: 'https://a.test/1#top', status: 302 } }),
    );
    expect(collector.find('r')?.hops).toHaveLength(2);
  });

  it('keeps raw headers that came before it was announced', () => {
    page.emit('Network.responseReceivedExtraInfo', rawHeaders('r', ['id=1; Path=/']));
    page.emit('Network.requestWillBeSent', requestSent('r', 'https://a.test/'));
    expect(rawOf('r')).toEqual([{ status: 200, lines: ['id=1; Path=/'] }]);
  });

  it('splits Set-Cookie headers by line, never by comma, and reads their bytes as UTF-8', () => {
    page.emit('Network.requestWillBeSent', requestSent('r', 'https://a.test/'));
    page.emit(
      'Network.responseReceivedExtraInfo',
      rawHeaders('r', ['a=1; Expires=Thu, 01 Jan 2099 00:00:00 GMT', 'n\u00c3\u00a4me=2', '']),
    );
    expect(rawOf('r')).toEqual([
      { status: 200, lines: ['a=1; Expires=Thu, 01 Jan 2099 00:00:00 GMT', 'näme=2'] },
    ]);
  });

  it('keeps why the browser refused a cookie', () => {
    page.emit('Network.requestWillBeSent', requestSent('r', 'https://a.test/'));
    page.emit(
      'Network.responseReceivedExtraInfo',
      rawHeaders('r', ['a=1'], { blocked: [{ cookieLine: 'a=1', blockedReasons: ['SecureOnly'] }] }),
    );
    expect([...(collector.find('r')?.rawResponses.values() ?? [])].flat()).toMatchObject([
      { blocked: [{ line: 'a=1', reasons: ['SecureOnly'] }] },
    ]);
  });

  it.each(['cache', 'serviceWorker'] as const)('answered by %s did not come over the network', (from) => {
    page.emit('Network.requestWillBeSent', requestSent('r', 'https://a.test/'));
    page.emit('Network.responseReceived', responseReceived('r', { from, hasExtraInfo: false }));
    expect(collector.find('r')?.hops).toMatchObject([{ isFromNetwork: false }]);
    expect(unheard).toEqual([]);
  });

  it('is called unheard when the network answered and nobody will tell its headers', () => {
    page.emit('Network.requestWillBeSent', requestSent('r', 'https://a.test/'));
    page.emit('Network.responseReceived', responseReceived('r', { hasExtraInfo: false }));
    expect(unheard.map(({ id }) => id)).toEqual(['r']);
  });

  it('says why it failed', () => {
    page.emit('Network.requestWillBeSent', requestSent('r', 'https://a.test/'));
    page.emit('Network.loadingFailed', { requestId: 'r', errorText: 'net::ERR_FAILED' });
    expect(collector.find('r')).toMatchObject({ state: 'done', failure: 'net::ERR_FAILED' });
  });

  it('that was never announced is nobody’s, and no reason to fail', () => {
    page.emit('Network.responseReceived', responseReceived('ghost'));
    page.emit('Network.loadingFinished', { requestId: 'ghost' });
    page.emit('Network.webSocketHandshakeResponseReceived', {
      requestId: 'ghost',
      response: { status: 101, headers: {} },
    });
    expect(collector.all()).toEqual([]);
    expect(collector.find('ghost')).toBeNull();
  });
});

describe('a WebSocket', () => {
  it('is a request whose handshake may set cookies', () => {
    page.emit('Network.webSocketCreated', { requestId: 'ws', url: 'wss://a.test/live' });
    page.emit('Network.webSocketHandshakeResponseReceived', {
      requestId: 'ws',
      response: { status: 101, headers: { 'Set-Cookie': 'a=1\nb=2' } },
    });
    expect(collector.find('ws')).toMatchObject({
      type: 'WebSocket',
      hops: [{ url: 'wss://a.test/live', status: 101 }],
    });
    expect(rawOf('ws')).toEqual([{ status: 101, lines: ['a=1', 'b=2'] }]);
  });
});

describe('what a page waits for', () => {
  const send = (requestId: string, type: string): void =>
    page.emit(
      'Network.requestWillBeSent',
      requestSent(requestId, 'https://a.test/', { type: type as never }),
    );

  it('is everything that was sent and not answered', () => {
    send('a', 'Script');
    send('b', 'Fetch');
    expect(collector.pendingCount()).toBe(2);
    page.emit('Network.loadingFinished', { requestId: 'a' });
    page.emit('Network.loadingFailed', { requestId: 'b', errorText: '' });
    expect(collector.pendingCount()).toBe(0);
  });

  it.each([
    ['Script', 1],
    ['Document', 1],
    ['Fetch', 0],
    ['Image', 0],
    ['Ping', 0],
  ])('is of a %s, once its headers are in, still %i', (type, count) => {
    send('r', type);
    page.emit('Network.responseReceived', responseReceived('r', { type }));
    expect(collector.pendingCount()).toBe(count);
  });

  it('is not a stream or a socket, which never end', () => {
    send('r', 'EventSource');
    page.emit('Network.webSocketCreated', { requestId: 'ws', url: 'wss://a.test/' });
    expect(collector.pendingCount()).toBe(0);
  });

  it('is an answer already when only its raw headers were told, unless they lead on', () => {
    send('answered', 'Ping');
    send('redirected', 'Ping');
    page.emit('Network.responseReceivedExtraInfo', rawHeaders('answered', []));
    page.emit('Network.responseReceivedExtraInfo', rawHeaders('redirected', [], { status: 302 }));
    expect(collector.pendingCount()).toBe(1);
  });

  it('ends with the page, but for what outlives it', () => {
    send('image', 'Image');
    send('beacon', 'Ping');
    send('keepalive', 'Fetch');
    collector.detached?.(page.target);
    expect(collector.find('image')).toMatchObject({ state: 'done', failure: 'its page is gone' });
    expect(collector.pendingCount()).toBe(2);
  });
});

describe('leaving a page', () => {
  it('counts what outlives a page as on its way although the browser calls it aborted, as long as it lasts', async () => {
    const over = Promise.withResolvers<void>();
    const send = (requestId: string, type: Protocol.Network.ResourceType): void =>
      page.emit('Network.requestWillBeSent', requestSent(requestId, 'https://a.test/', { type }));
    const abort = (requestId: string): void =>
      page.emit('Network.loadingFailed', { requestId, errorText: 'net::ERR_ABORTED' });
    send('poll', 'Fetch');
    const leaving = collector.whileLeaving(async () => await over.promise);
    send('beacon', 'Ping');
    send('image', 'Image');
    for (const requestId of ['poll', 'beacon', 'image']) abort(requestId);
    expect(collector.pendingCount()).toBe(1);
    await collector.untilQuiet(50, 1_000, ({ type }) => type === 'Image');
    over.resolve();
    await leaving;
    expect(collector.pendingCount()).toBe(0);
    expect(collector.find('beacon')).toMatchObject({ failure: 'its page is gone' });
  });
});

describe('waiting until the network is quiet', () => {
  const settle = (promise: Promise<void>): { isOver: boolean } => {
    const state = { isOver: false };
    void promise.then(() => {
      state.isOver = true;
    });
    return state;
  };

  it('is over at once when nothing is pending', async () => {
    await collector.untilQuiet(50, 1_000);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('goes on while answers come and lead to new requests', async () => {
    page.emit('Network.requestWillBeSent', requestSent('a', 'https://a.test/'));
    const waiting = settle(collector.untilQuiet(50, 10_000));
    await jest.advanceTimersByTimeAsync(3_000);
    page.emit('Network.loadingFinished', { requestId: 'a' });
    await jest.advanceTimersByTimeAsync(49);
    page.emit('Network.requestWillBeSent', requestSent('b', 'https://b.test/'));
    await jest.advanceTimersByTimeAsync(1_000);
    expect(waiting.isOver).toBe(false);
    page.emit('Network.loadingFinished', { requestId: 'b' });
    await jest.advanceTimersByTimeAsync(50);
    expect(waiting.isOver).toBe(true);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('is over at its limit although nothing was answered', async () => {
    page.emit('Network.requestWillBeSent', requestSent('a', 'https://a.test/'));
    const waiting = settle(collector.untilQuiet(50, 1_000));
    await jest.advanceTimersByTimeAsync(1_000);
    expect(waiting.isOver).toBe(true);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('for signs of life is over when there were none for a while, and not before', async () => {
    const waiting = settle(collector.untilStalled(500, new AbortController().signal));
    await jest.advanceTimersByTimeAsync(400);
    page.emit('Network.requestWillBeSent', requestSent('a', 'https://a.test/'));
    await jest.advanceTimersByTimeAsync(400);
    expect(waiting.isOver).toBe(false);
    await jest.advanceTimersByTimeAsync(100);
    expect(waiting.isOver).toBe(true);
  });

  it('for signs of life is over when nobody wants to know any more', async () => {
    const wanted = new AbortController();
    const waiting = settle(collector.untilStalled(500, wanted.signal));
    wanted.abort();
    await jest.advanceTimersByTimeAsync(0);
    expect(waiting.isOver).toBe(true);
    expect(jest.getTimerCount()).toBe(0);
    await collector.untilStalled(500, AbortSignal.abort());
    expect(jest.getTimerCount()).toBe(0);
  });
});

describe('an answer that the browser tells little of', () => {
  it('counts as unheard when a request ends without one, as that for the script of a service worker', () => {
    page.emit('Network.requestWillBeSent', requestSent('r', 'https://a.test/sw.js'));
    page.emit('Network.loadingFinished', { requestId: 'r' });
    expect(unheard.map(({ id }) => id)).toEqual(['r']);
  });

  it('counts as unheard when it is a download that nobody announced', () => {
    page.emit('Page.downloadWillBegin', { guid: 'g', url: 'https://a.test/file', frameId: 'main' });
    expect(unheard).toMatchObject([
      { frameId: 'main', state: 'done', hops: [{ url: 'https://a.test/file' }] },
    ]);
  });

  it('is known already when a navigation turns out to be a download', () => {
    page.emit('Network.requestWillBeSent', requestSent('r', 'https://a.test/file'));
    page.emit('Network.responseReceived', responseReceived('r'));
    page.emit('Page.downloadWillBegin', { guid: 'g', url: 'https://a.test/file', frameId: 'main' });
    expect(unheard).toEqual([]);
    expect(collector.all()).toHaveLength(1);
  });

  it('is over with its headers when it is the style sheet of an XML document', () => {
    page.emit('Network.requestWillBeSent', requestSent('r', 'https://a.test/xslt'));
    page.emit('Network.responseReceived', responseReceived('r', { mimeType: 'text/xsl' }));
    expect(collector.pendingCount()).toBe(0);
  });
});
