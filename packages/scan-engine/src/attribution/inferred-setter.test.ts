import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Setter } from '@cookie-scanner/contracts';
import type { JarCookie, JarSnapshot } from '../collectors/cookie-jar.ts';
import { rawHeaders, requestSent, responseReceived, type FakeTarget } from '../fake-target.test.helper.ts';
import { inferSetter, UNKNOWN_SETTER } from './inferred-setter.ts';
import { scanEvidence, type ScanEvidence } from './scan-evidence.test.helper.ts';

let scan: ScanEvidence;

beforeEach(() => {
  scan = scanEvidence();
});

/** The network answers, and nobody tells the headers. */
function unheard(
  id: string,
  url: string,
  type: 'Image' | 'Script' | 'Fetch' = 'Image',
  asker: FakeTarget = scan.page,
): void {
  asker.emit('Network.requestWillBeSent', requestSent(id, url, { type }));
  asker.emit('Network.responseReceived', responseReceived(id, { type, hasExtraInfo: false }));
}

function heard(id: string, url: string): void {
  scan.page.emit('Network.requestWillBeSent', requestSent(id, url));
  scan.page.emit('Network.responseReceivedExtraInfo', rawHeaders(id, []));
  scan.page.emit('Network.responseReceived', responseReceived(id));
}

const held: JarCookie = {
  name: 'id',
  value: '1',
  domain: 'api.shop.test',
  path: '/',
  httpOnly: false,
  secure: false,
  sameSite: 'unset',
  expires: null,
  partitionSite: null,
  sizeBytes: 3,
};

function infer(cookie: JarCookie = held, snapshots: readonly JarSnapshot[] = []): Setter {
  return inferSetter(cookie, scan.requests, snapshots, scan.chains());
}

describe('the setter of a cookie that nobody was seen setting', () => {
  it('is the one request to its host whose answer nobody heard', () => {
    unheard('r', 'https://api.shop.test/session');
    heard('q', 'https://api.shop.test/other');
    unheard('s', 'https://elsewhere.test/');
    expect(infer()).toMatchObject({
      kind: 'http',
      url: 'https://api.shop.test/session',
      confidence: 'inferred',
    });
  });

  it('of several is the one after whose answer the cookie was first there', () => {
    unheard('r1', 'https://api.shop.test/1');
    unheard('r2', 'https://api.shop.test/2');
    const snapshots = [
      { atMs: 0, jar: [], afterRequestIds: ['r1'] },
      { atMs: 0, jar: [held], afterRequestIds: ['elsewhere', 'r2'] },
      { atMs: 0, jar: [held], afterRequestIds: [] },
    ];
    expect(infer(held, snapshots)).toMatchObject({ url: 'https://api.shop.test/2' });
  });

  it('of several that were answered together is rather what a worker fetched than its script', () => {
    unheard('script', 'https://api.shop.test/worker.js', 'Script');
    unheard('fetch', 'https://api.shop.test/session', 'Fetch');
    const snapshots = [{ atMs: 0, jar: [held], afterRequestIds: ['script', 'fetch'] }];
    expect(infer(held, snapshots)).toMatchObject({ url: 'https://api.shop.test/session' });
  });

  it('is rather a fetch on its way at the reading than a script that was answered before', () => {
    unheard('script', 'https://api.shop.test/sw.js', 'Script');
    unheard('fetch', 'https://api.shop.test/session', 'Fetch');
    const snapshots = [{ atMs: 5, jar: [held], afterRequestIds: ['script'] }];
    expect(infer(held, snapshots)).toMatchObject({ url: 'https://api.shop.test/session' });
  });

  it('of several on their way is the one of a shared worker, whose answers nobody ever hears', () => {
    const worker = scan.attach({ type: 'shared_worker' });
    unheard('page', 'https://api.shop.test/page', 'Fetch');
    unheard('worker', 'https://api.shop.test/worker', 'Fetch', worker);
    const snapshots = [{ atMs: 5, jar: [held], afterRequestIds: [] }];
    expect(infer(held, snapshots)).toMatchObject({ url: 'https://api.shop.test/worker' });
  });

  it('is nothing that was answered before a reading without the cookie, or sent after the first with it', () => {
    unheard('early', 'https://api.shop.test/early', 'Fetch');
    unheard('script', 'https://api.shop.test/worker.js', 'Script');
    scan.at(10);
    unheard('late', 'https://api.shop.test/late', 'Fetch');
    const snapshots = [
      { atMs: 3, jar: [], afterRequestIds: ['early'] },
      { atMs: 5, jar: [held], afterRequestIds: ['script'] },
    ];
    expect(infer(held, snapshots)).toMatchObject({ url: 'https://api.shop.test/worker.js' });
  });

  it('is nothing on its way that is never answered', () => {
    unheard('script', 'https://api.shop.test/download', 'Script');
    scan.page.emit('Network.requestWillBeSent', requestSent('lost', 'https://api.shop.test/lost'));
    const snapshots = [{ atMs: 5, jar: [held], afterRequestIds: ['script'] }];
    expect(infer(held, snapshots)).toMatchObject({ url: 'https://api.shop.test/download' });
  });

  it('is nothing whose headers were heard after all', () => {
    unheard('script', 'https://api.shop.test/sw.js', 'Script');
    scan.page.emit('Network.responseReceivedExtraInfo', rawHeaders('script', []));
    unheard('fetch', 'https://api.shop.test/session', 'Fetch');
    expect(infer()).toMatchObject({ url: 'https://api.shop.test/session' });
  });

  it('stays unknown when it may have been one of several', () => {
    unheard('r1', 'https://api.shop.test/1');
    unheard('r2', 'https://api.shop.test/2');
    expect(infer(held, [{ atMs: 0, jar: [held], afterRequestIds: [] }])).toEqual(UNKNOWN_SETTER);
  });

  it('stays unknown when every answer was heard', () => {
    heard('r', 'https://api.shop.test/session');
    expect(infer()).toEqual(UNKNOWN_SETTER);
  });

  it('is no answer from a cache or a service worker', () => {
    scan.page.emit('Network.requestWillBeSent', requestSent('r', 'https://api.shop.test/'));
    scan.page.emit(
      'Network.responseReceived',
      responseReceived('r', { hasExtraInfo: false, from: 'serviceWorker' }),
    );
    expect(infer()).toEqual(UNKNOWN_SETTER);
  });

  it.each([
    ['.shop.test', 'https://api.shop.test/', true],
    ['.shop.test', 'https://shop.test/', true],
    ['.shop.test', 'https://myshop.test/', false],
    ['shop.test', 'https://api.shop.test/', false],
  ])('of a cookie of %s may be %s: %s', (domain, url, isPossible) => {
    unheard('r', url);
    expect(infer({ ...held, domain }).kind).toBe(isPossible ? 'http' : 'unknown');
  });
});
