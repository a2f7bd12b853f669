import type { Protocol } from '../browser/cdp.ts';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { requestSent, stackOf } from '../fake-target.test.helper.ts';
import { scanEvidence, type ScanEvidence } from './scan-evidence.test.helper.ts';

const PAGE = 'https://shop.test/';
const MANAGER = 'https://tags.test/manager.js';
const TAG = 'https://tracker.test/tag.js';
const PIXEL = 'https://tracker.test/pixel.gif';

let scan: ScanEvidence;

beforeEach(() => {
  scan = scanEvidence();
});

interface Sent {
  readonly url: string;
  readonly type?: Protocol.Network.ResourceType;
  readonly initiator?: object;
  readonly frameId?: string;
}

function send(
  id: string,
  { url, type = 'Script', initiator = { type: 'other' }, frameId = 'main' }: Sent,
): void {
  scan.page.emit(
    'Network.requestWillBeSent',
    requestSent(id, url, { type, frameId, initiator: initiator as Protocol.Network.Initiator }),
  );
}

/** The page, a tag manager in its markup, a tag that the manager loads, and a pixel that the tag loads. */
function loadTags(): void {
  send('page', { url: PAGE, type: 'Document' });
  send('manager', { url: MANAGER, initiator: { type: 'parser', url: PAGE } });
  send('tag', { url: TAG, initiator: { type: 'script', stack: stackOf(MANAGER) } });
  send('pixel', { url: PIXEL, type: 'Image', initiator: { type: 'script', stack: stackOf(TAG) } });
}

function ofRequest(id: string, hopIndex?: number): string[] {
  const request = scan.requests.find(id);
  if (!request) throw new Error(`${id} was never sent`);
  return scan.chains().ofRequest(request, hopIndex ?? request.hops.length - 1);
}

describe('the chain of a request', () => {
  it('leads over every script that brought the next one in, up to the page', () => {
    loadTags();
    expect(ofRequest('pixel')).toEqual([TAG, MANAGER, PAGE]);
    expect(ofRequest('manager')).toEqual([PAGE]);
    expect(ofRequest('page')).toEqual([]);
  });

  it('begins with the hops before it, the nearest first', () => {
    loadTags();
    for (const [from, to] of [
      [PIXEL, 'https://sync.test/a'],
      ['https://sync.test/a', 'https://sync.test/b'],
    ] as const) {
      scan.page.emit(
        'Network.requestWillBeSent',
        requestSent('pixel', to, { redirectedFrom: { url: from, status: 302 } }),
      );
    }
    expect(ofRequest('pixel')).toEqual(['https://sync.test/a', PIXEL, TAG, MANAGER, PAGE]);
    expect(ofRequest('pixel', 1)).toEqual([PIXEL, TAG, MANAGER, PAGE]);
    expect(ofRequest('pixel', 0)).toEqual([TAG, MANAGER, PAGE]);
  });

  it('names every script on the stack, and goes on from the first that was loaded', () => {
    loadTags();
    send('beacon', {
      url: 'https://tracker.test/beacon',
      type: 'Ping',
      initiator: { type: 'script', stack: stackOf('https://tracker.test/lib.js', TAG) },
    });
    expect(ofRequest('beacon')).toEqual(['https://tracker.test/lib.js', TAG, MANAGER, PAGE]);
  });

  it('includes the scripts that scheduled the code', () => {
    loadTags();
    const stack = { ...stackOf(''), parent: stackOf(TAG) };
    send('late', { url: 'https://tracker.test/late', initiator: { type: 'script', stack } });
    expect(ofRequest('late')).toEqual([TAG, MANAGER, PAGE]);
  });

  it('of a preflight leads to the request it was sent for', () => {
    loadTags();
    send('preflight', {
      url: 'https://api.test/',
      type: 'Preflight',
      initiator: { type: 'preflight', requestId: 'pixel' },
    });
    expect(ofRequest('preflight')).toEqual([PIXEL, TAG, MANAGER, PAGE]);
  });

  it('in a frame leads over the documents around it', () => {
    send('page', { url: PAGE, type: 'Document' });
    scan.page.emit('Page.frameAttached', { frameId: 'ad', parentFrameId: 'main' });
    scan.page.emit('Page.frameNavigated', {
      frame: { id: 'ad', parentId: 'main', url: 'https://ads.test/frame' },
    });
    send('frame', {
      url: 'https://ads.test/frame',
      type: 'Document',
      frameId: 'ad',
      initiator: { type: 'parser', url: PAGE },
    });
    send('image', {
      url: 'https://ads.test/i.gif',
      type: 'Image',
      frameId: 'ad',
      initiator: { type: 'parser', url: 'https://ads.test/frame' },
    });
    expect(ofRequest('image')).toEqual(['https://ads.test/frame', PAGE]);
    expect(ofRequest('frame')).toEqual([PAGE]);
  });

  it('from a worker leads to the worker', () => {
    const worker = scan.attach({ type: 'worker', url: 'https://shop.test/worker.js' });
    worker.emit('Network.requestWillBeSent', requestSent('fetch', 'https://api.test/', { type: 'Fetch' }));
    expect(ofRequest('fetch')).toContain('https://shop.test/worker.js');
  });

  it('ends although two scripts load each other', () => {
    send('a', {
      url: 'https://a.test/a.js',
      initiator: { type: 'script', stack: stackOf('https://a.test/b.js') },
    });
    send('b', {
      url: 'https://a.test/b.js',
      initiator: { type: 'script', stack: stackOf('https://a.test/a.js') },
    });
    expect(ofRequest('a')).toContain('https://a.test/b.js');
    expect(ofRequest('a')).not.toContain('https://a.test/a.js');
  });

  it('has at most twenty links, however deep it goes', () => {
    for (let n = 0; n < 100; n += 1) {
      const initiator = { type: 'script', stack: stackOf(`https://a.test/${n + 1}.js`) };
      send(`s${n}`, { url: `https://a.test/${n}.js`, initiator });
    }
    expect(ofRequest('s0')).toHaveLength(20);
  });
});

describe('the chain of a script', () => {
  const origin = (
    stackTrace: object | undefined,
  ): ReturnType<ReturnType<ScanEvidence['chains']>['ofScript']> => {
    scan.report(scan.page, ['document.cookie', 'id=1', true], stackTrace);
    const write = scan.scripts.cookieWrites().at(-1);
    if (!write) throw new Error('the write was not seen');
    return scan.chains().ofScript(write);
  };

  it('names the script that acted, then its callers, then who loaded it, then the page', () => {
    loadTags();
    expect(origin(stackOf('https://cdn.test/js-cookie.js', TAG))).toEqual({
      url: 'https://cdn.test/js-cookie.js',
      initiators: [TAG, PAGE],
      confidence: 'observed',
    });
    expect(origin(stackOf(TAG))).toEqual({ url: TAG, initiators: [MANAGER, PAGE], confidence: 'observed' });
  });

  it('is the document itself for an inline script', () => {
    loadTags();
    expect(origin(stackOf(PAGE))).toEqual({ url: PAGE, initiators: [], confidence: 'observed' });
  });

  it('is a guess, and says so, when the code has no address at all', () => {
    loadTags();
    expect(origin(stackOf(''))).toEqual({ url: PAGE, initiators: [], confidence: 'inferred' });
    expect(origin(undefined)).toMatchObject({ url: PAGE, confidence: 'inferred' });
  });
});
