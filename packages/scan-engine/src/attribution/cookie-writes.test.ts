import { beforeEach, describe, expect, it } from '@jest/globals';
import { rawHeaders, requestSent, responseReceived, stackOf } from '../fake-target.test.helper.ts';
import { collectCookieWrites, type CookieWrite } from './cookie-writes.ts';
import { scanEvidence, type ScanEvidence } from './scan-evidence.test.helper.ts';

const PAGE = 'https://shop.test/';
const TAG = 'https://tracker.test/tag.js';
const STARTED_AT_MS = Date.UTC(2026, 10, 22);

let scan: ScanEvidence;

beforeEach(() => {
  scan = scanEvidence();
});

function writes(): CookieWrite[] {
  return collectCookieWrites({ ...scan, chains: scan.chains(), startedAtMs: STARTED_AT_MS });
}

/** An answer to an image sets cookies. */
function answer(
  id: string,
  url: string,
  setCookie: string[],
  more: Parameters<typeof rawHeaders>[2] = {},
): void {
  scan.page.emit('Network.requestWillBeSent', requestSent(id, url));
  scan.page.emit('Network.responseReceivedExtraInfo', rawHeaders(id, setCookie, more));
  scan.page.emit('Network.responseReceived', responseReceived(id));
}

describe('cookies of an answer', () => {
  it('are set by its address, and nobody is sure of them until the jar is read', () => {
    scan.at(30);
    answer('r', 'https://tracker.test/p.gif', ['a=1; Max-Age=3600', 'b=2']);
    expect(writes()).toMatchObject([
      {
        atMs: 30,
        host: 'tracker.test',
        url: 'https://tracker.test/p.gif',
        outcome: 'unsure',
        cookie: { name: 'a', lifetimeSeconds: 3_600 },
        setter: { kind: 'http', url: 'https://tracker.test/p.gif', confidence: 'observed' },
      },
      { cookie: { name: 'b' } },
    ]);
  });

  it.each([
    ['a=1; Max-Age=60', 'stored'],
    ['a=; Max-Age=0', 'stored'],
    ['a=1; Max-Age=61', 'unsure'],
  ])('that live too briefly for the jar are believed: %s is %s', (line, outcome) => {
    answer('r', PAGE, [line]);
    expect(writes()).toMatchObject([{ outcome }]);
  });

  it('that the browser refused carry its words, each line its own', () => {
    const twice = 'a=1; Domain=other.test';
    answer('r', PAGE, [twice, 'b=2', twice], {
      blocked: [
        { cookieLine: twice, blockedReasons: ['InvalidDomain'] },
        { cookieLine: twice, blockedReasons: ['InvalidDomain', 'UserPreferences'] },
      ],
    });
    expect(writes().map(({ outcome, reasons }) => [outcome, ...reasons])).toEqual([
      ['refused', 'InvalidDomain'],
      ['unsure'],
      ['refused', 'InvalidDomain', 'UserPreferences'],
    ]);
  });

  it('of a redirect belong to the hop that sent them', () => {
    const [first, second] = ['https://a.test/1', 'https://b.test/2'];
    scan.page.emit('Network.requestWillBeSent', requestSent('r', first));
    scan.page.emit('Network.responseReceivedExtraInfo', rawHeaders('r', ['hop=1'], { status: 302 }));
    scan.page.emit(
      'Network.requestWillBeSent',
      requestSent('r', second, { redirectedFrom: { url: first, status: 302 } }),
    );
    scan.page.emit('Network.responseReceivedExtraInfo', rawHeaders('r', ['end=2']));
    expect(writes().map(({ cookie, url }) => [cookie.name, url])).toEqual([
      ['hop', first],
      ['end', second],
    ]);
  });

  it('are not given to a hop whose headers nobody reports', () => {
    const [first, second] = ['https://a.test/1', 'https://b.test/2'];
    scan.page.emit('Network.requestWillBeSent', requestSent('r', first));
    const redirectedFrom = { url: first, status: 307, hasExtraInfo: false };
    scan.page.emit('Network.requestWillBeSent', requestSent('r', second, { redirectedFrom }));
    scan.page.emit('Network.responseReceivedExtraInfo', rawHeaders('r', ['end=2']));
    expect(writes().map(({ cookie, url }) => [cookie.name, url])).toEqual([['end', second]]);
  });

  it('are counted once although two sessions report the answer', () => {
    const frame = scan.attach({ type: 'iframe', url: 'https://a.test/' });
    answer('r', 'https://a.test/', ['a=1']);
    frame.emit('Network.responseReceivedExtraInfo', rawHeaders('r', ['a=1']));
    expect(writes()).toHaveLength(1);
  });

  it('of an address that was asked twice, as after a challenge, are all counted', () => {
    scan.page.emit('Network.requestWillBeSent', requestSent('r', PAGE));
    scan.page.emit('Network.responseReceivedExtraInfo', rawHeaders('r', ['a=1'], { status: 401 }));
    scan.page.emit('Network.responseReceivedExtraInfo', rawHeaders('r', ['b=2']));
    expect(writes().map(({ cookie, url }) => [cookie.name, url])).toEqual([
      ['a', PAGE],
      ['b', PAGE],
    ]);
  });
});

describe('cookies of a script', () => {
  const write = (...facts: unknown[]): void => scan.report(scan.page, facts, stackOf(TAG));

  it('belong to the host of its document, not of the script', () => {
    scan.at(80);
    write('document.cookie', 'id=1; Path=/', true);
    expect(writes()).toMatchObject([
      {
        atMs: 80,
        host: 'shop.test',
        url: PAGE,
        outcome: 'stored',
        setter: { kind: 'javascript', url: TAG, initiators: [PAGE] },
      },
    ]);
  });

  it.each([
    ['id=1', true, 'stored'],
    ['id=1', false, 'unsure'],
    ['id=; Max-Age=0', false, 'stored'],
  ])('are as sure as what it could read back: %j, visible %s, is %s', (line, visible, outcome) => {
    write('document.cookie', line, visible);
    expect(writes()).toMatchObject([{ outcome }]);
  });

  it('in the Cookie Store have its own defaults', () => {
    write('cookieStore.set', 1, 'id', 'v', null, null, null, null, false);
    expect(writes()).toMatchObject([
      {
        outcome: 'stored',
        setter: { kind: 'cookie-store', url: TAG },
        cookie: {
          name: 'id',
          value: 'v',
          path: '/',
          domain: null,
          secure: true,
          sameSite: 'Strict',
          lifetimeSeconds: null,
        },
      },
    ]);
  });

  it('in the Cookie Store have what they were given', () => {
    const expires = String(STARTED_AT_MS + 60_000);
    write('cookieStore.set', 1, 'id', 'v', 'shop.test', '/sub', expires, 'none', true);
    expect(writes()).toMatchObject([
      {
        cookie: {
          domain: 'shop.test',
          path: '/sub',
          sameSite: 'None',
          lifetimeSeconds: 60,
          partitioned: true,
        },
      },
    ]);
  });

  it('with separators in their value are not cut by us, because the Cookie Store refuses them', () => {
    write('cookieStore.set', 1, 'id', 'a;b', null, null, null, null, false);
    write('outcome', 1, false);
    expect(writes()).toMatchObject([{ outcome: 'refused' }]);
  });

  it('that the Cookie Store refused are refused', () => {
    write('cookieStore.set', 1, 'id', 'v', 'other.test', null, null, null, false);
    write('outcome', 1, false);
    expect(writes()).toMatchObject([{ outcome: 'refused', cookie: { name: 'id' } }]);
  });

  it('that the Cookie Store deletes are gone', () => {
    write('cookieStore.delete', 1, 'id', null, '/', false);
    expect(writes()).toMatchObject([{ cookie: { name: 'id', lifetimeSeconds: 0 } }]);
  });

  it('in a document without an address are written for the document around it', () => {
    scan.page.emit('Page.frameAttached', { frameId: 'empty', parentFrameId: 'main' });
    const frame = scan.attach({ type: 'page' });
    frame.emit('Runtime.executionContextCreated', { context: { id: 1, auxData: { frameId: 'empty' } } });
    scan.report(frame, ['document.cookie', 'id=1', true], stackOf(TAG));
    expect(writes()).toMatchObject([{ host: 'shop.test', url: PAGE }]);
  });
});

describe('all writes', () => {
  it('stand in the order in which they happened, from whatever side they came', () => {
    scan.at(30);
    scan.report(scan.page, ['document.cookie', 'second=1', true], stackOf(TAG));
    scan.at(20);
    answer('r', PAGE, ['first=1']);
    scan.at(40);
    answer('q', PAGE, ['third=1']);
    expect(writes().map(({ cookie }) => cookie.name)).toEqual(['first', 'second', 'third']);
  });
});
