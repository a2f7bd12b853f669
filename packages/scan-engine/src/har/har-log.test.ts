import { describe, expect, it } from '@jest/globals';
import { fakeTarget, rawHeaders, requestSent, type FakeTarget } from '../fake-target.test.helper.ts';
import { harCollector, type HarCollector } from './har.collector.ts';

function collect(...targets: FakeTarget[]): HarCollector {
  const collector = harCollector(() => 5);
  for (const { target } of targets) collector.attach(target);
  return collector;
}

const sent = (requestId: string, headers: Record<string, string>): unknown => ({
  requestId,
  headers,
  associatedCookies: [],
});
const response = (status: number, url: string): object => ({
  ...{ status, statusText: '', url, headers: {}, mimeType: '', connectionId: 0, encodedDataLength: 0 },
});
const requested = (requestId: string, url: string): object => ({
  ...requestSent(requestId, url),
  request: { url, method: 'GET', headers: {} },
});
const redirected = (requestId: string, from: string, to: string, hasRawHeaders = true): object => ({
  ...requested(requestId, to),
  redirectResponse: response(302, from),
  redirectHasExtraInfo: hasRawHeaders,
});

describe('raw headers', () => {
  it('belong to the hop they were told of, also when one hop has none', () => {
    const page = fakeTarget();
    const har = collect(page);
    page.emit('Network.requestWillBeSent', requested('r', 'https://a.test/1'));
    page.emit('Network.requestWillBeSent', redirected('r', 'https://a.test/1', 'https://a.test/2', false));
    page.emit('Network.requestWillBeSentExtraInfo', sent('r', { hop: '2' }));
    page.emit('Network.responseReceivedExtraInfo', rawHeaders('r', ['second=1'], { status: 302 }));
    page.emit('Network.requestWillBeSent', redirected('r', 'https://a.test/2', 'https://a.test/3'));
    page.emit('Network.requestWillBeSentExtraInfo', sent('r', { hop: '3' }));
    page.emit('Network.responseReceivedExtraInfo', rawHeaders('r', ['third=1']));
    const raw = har.exchanges().map((exchange) => har.rawOf(exchange));
    expect(raw.map((one) => one.sent?.headers['hop'] ?? null)).toEqual([null, '2', '3']);
    expect(raw.map((one) => one.received?.headers['set-cookie'] ?? null)).toEqual([
      null,
      'second=1',
      'third=1',
    ]);
  });

  it('of a request that two sessions tell of stand there once', () => {
    const page = fakeTarget();
    const frame = fakeTarget({ type: 'iframe' });
    const har = collect(page, frame);
    for (const session of [page, frame]) {
      session.emit('Network.requestWillBeSent', requested('r', 'https://a.test/1'));
      session.emit('Network.requestWillBeSentExtraInfo', sent('r', { hop: '1' }));
    }
    for (const session of [page, frame]) {
      session.emit('Network.requestWillBeSent', redirected('r', 'https://a.test/1', 'https://a.test/2'));
      session.emit('Network.requestWillBeSentExtraInfo', sent('r', { hop: '2' }));
    }
    expect(har.exchanges().map(({ url }) => url)).toEqual(['https://a.test/1', 'https://a.test/2']);
    expect(har.exchanges().map((exchange) => har.rawOf(exchange).sent?.headers['hop'])).toEqual(['1', '2']);
  });

  it('are those that got the answer when a request was sent again with credentials', () => {
    const page = fakeTarget();
    const har = collect(page);
    page.emit('Network.requestWillBeSent', requested('r', 'https://a.test/'));
    for (const attempt of ['without', 'with'])
      page.emit('Network.requestWillBeSentExtraInfo', sent('r', { attempt }));
    page.emit('Network.responseReceivedExtraInfo', rawHeaders('r', [], { status: 401 }));
    page.emit('Network.responseReceivedExtraInfo', rawHeaders('r', ['in=1']));
    const [exchange] = har.exchanges();
    const raw = exchange ? har.rawOf(exchange) : null;
    expect([raw?.sent?.headers['attempt'], raw?.received?.status]).toEqual(['with', 200]);
  });
});

describe('what a page can make huge', () => {
  it('is recorded up to a bound, and the record says that it is not whole', () => {
    const page = fakeTarget();
    const har = collect(page);
    for (let number = 0; number < 40; number += 1) {
      page.emit(
        'Network.requestWillBeSent',
        requested(`r${number}`, `https://a.test/?${'x'.repeat(1_000_000)}`),
      );
    }
    expect(har.exchanges().length).toBeLessThan(40);
    expect(har.exchanges().length).toBeGreaterThan(10);
    expect(har.isIncomplete()).toBe(true);
  });

  it('does not include addresses that are not sent anywhere', () => {
    const page = fakeTarget();
    const har = collect(page);
    page.emit('Network.requestWillBeSent', requested('d', `data:text/plain,${'x'.repeat(100)}`));
    page.emit('Network.requestWillBeSent', requested('b', 'blob:https://a.test/1'));
    expect([har.exchanges(), har.isIncomplete()]).toEqual([[], false]);
  });
});
