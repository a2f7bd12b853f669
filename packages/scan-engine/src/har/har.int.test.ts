import { startTestWeb, type TestWeb } from '@cookie-scanner/test-web';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { z } from 'zod';
import { scanSite, startTestEngine } from '../engine-fixture.test.helper.ts';
import type { ScanOptions } from '../planned-scan.ts';
import type { ScanEngine } from '../scan-engine.ts';
import { answer, page, testSite } from '../test-site.test.helper.ts';
import { harSchema } from './har-schema.test.helper.ts';

type Har = z.infer<typeof harSchema>['log'];
type Entry = Har['entries'][number];

const SECRET = 'a-value-that-tells-visitors-apart';
const telling = testSite('telling', {
  '/': page(
    `<script>
      new WebSocket('wss://web-socket.test/live');
      fetch('/api?uid=${SECRET}&also=${encodeURIComponent('a&b')}', { headers: { authorization: 'Bearer abc' } });
    </script><img src="https://10.0.0.1/x.gif"><iframe src="https://tracker.test/telling/frame"></iframe>`,
    [`uid=${SECRET}; Path=/; Secure`, '__Secure-refused=1'],
  ),
  '/api': answer('application/json', '{}'),
  'tracker.test/telling/frame': page('frame', ['framed=1; SameSite=None; Secure; Partitioned; Max-Age=60']),
});

let web: TestWeb;
let engine: ScanEngine;
beforeAll(async () => {
  web = await startTestWeb({ extraSites: [telling] });
  engine = await startTestEngine(web);
});
afterAll(async () => {
  await engine.close();
  await web.close();
});

async function harOf(
  url: string,
  options: Pick<ScanOptions, 'redactCookieValue'> = {},
): Promise<{ har: Har; text: string }> {
  let text = '';
  await scanSite(engine, url, {
    har: true,
    saveFile: async ({ bytes }) => (text = Buffer.from(bytes).toString()).slice(0, 0),
    ...options,
  });
  return { har: harSchema.parse(JSON.parse(text)).log, text };
}

function entryFor(har: Har, url: string): Entry {
  const found = har.entries.find((entry) => entry.request.url === url);
  if (!found) throw new Error(`${url} is not in the HAR`);
  return found;
}

const headerOf = (message: Entry['request' | 'response'], name: string): string | undefined =>
  message.headers.find((header) => header.name.toLowerCase() === name)?.value;
const names = (pairs: readonly { name: string }[]): string[] => pairs.map(({ name }) => name);

describe('the HAR of a scan', () => {
  it.each(['shop', 'workers', 'redirect-hop', 'third-party-pixel', 'leaving', 'web-socket', 'basic-auth'])(
    'of %s is one that every reader of the format understands',
    async (name) => {
      const site = web.sites.find((one) => one.name === name);
      const { har } = await harOf(site?.url ?? '');
      expect(har.entries.length).toBeGreaterThan(1);
      expect(har.pages).toHaveLength(1);
    },
  );

  it('has every hop of a redirect with the cookies that were really sent and set', async () => {
    const { har } = await harOf('http://redirect-hop.test/');
    const hops = [
      'http://redirect-hop.test/',
      'https://redirect-hop.test/',
      'https://www.redirect-hop.test/home',
    ];
    const entries = hops.map((url) => entryFor(har, url));
    expect(entries.map(({ response }) => response.status)).toEqual([302, 302, 200]);
    expect(entries.map(({ response }) => response.redirectURL)).toEqual([...hops.slice(1), '']);
    expect(entries.map(({ request }) => names(request.cookies))).toEqual([[], ['hop_http'], ['hop_https']]);
    expect(entries.map(({ response }) => names(response.cookies))).toEqual([
      ['hop_http'],
      ['hop_https'],
      ['landed'],
    ]);
    expect(headerOf(entries[1]?.request as Entry['request'], 'cookie')).toBe('hop_http=1');
    expect(entries[2]?._initiators).toEqual([hops[1], hops[0]]);
    expect(entries.every(({ serverIPAddress }) => serverIPAddress === '127.0.0.1')).toBe(true);
  });

  it('has the requests of workers of all kinds, and of a page that was being left', async () => {
    const workers = await harOf('https://workers.test/');
    expect(entryFor(workers.har, 'https://workers.test/api/dedicated')).toMatchObject({
      response: { status: 200, cookies: [{ name: 'by_dedicated' }] },
      _initiators: ['https://workers.test/dedicated.js', 'https://workers.test/'],
    });
    expect(names(entryFor(workers.har, 'https://workers.test/api/service').response.cookies)).toEqual([
      'by_service',
    ]);
    entryFor(workers.har, 'https://workers.test/api/shared');

    const { har } = await harOf('https://leaving.test/');
    const beacon = entryFor(har, 'https://leaving.test/beacon');
    expect(beacon).toMatchObject({ request: { method: 'POST' }, response: { status: 200 } });
    expect(names(beacon.response.cookies)).toEqual(['beacon_own']);
  });

  it('says what was refused, failed and left out, and takes credentials out', async () => {
    const { har, text } = await harOf(telling.url);
    const [document] = har.entries;
    expect(document?.response.cookies).toMatchObject([
      { name: 'uid', value: SECRET, secure: true, path: '/' },
      { name: '__Secure-refused', comment: expect.stringContaining('refused by the browser: ') },
    ]);
    expect(entryFor(har, 'https://10.0.0.1/x.gif').response).toMatchObject({
      status: 0,
      _error: 'net::ERR_SOCKS_CONNECTION_FAILED (address_not_allowed)',
    });
    const api = har.entries.find(({ request }) => request.url.includes('/api?'));
    expect(api?.request.queryString).toEqual([
      { name: 'uid', value: SECRET },
      { name: 'also', value: 'a&b' },
    ]);
    expect(api?.request.cookies).toMatchObject([{ name: 'uid', value: SECRET, domain: 'telling.test' }]);
    expect(headerOf(api?.request as Entry['request'], 'authorization')).toBe('[redacted]');
    expect(text).not.toContain('Bearer abc');
    expect(entryFor(har, 'wss://web-socket.test/live').response).toMatchObject({ status: 101 });
    expect(entryFor(har, 'https://tracker.test/telling/frame').response.cookies).toMatchObject([
      { name: 'framed', expires: expect.any(String) },
    ]);
  });

  it('holds no value of a cookie anywhere when values are redacted', async () => {
    const { har, text } = await harOf(telling.url, { redactCookieValue: (value) => `x${value.length}` });
    expect(text).not.toContain(SECRET);
    expect(har.entries[0]?.response.cookies[0]).toMatchObject({ name: 'uid', value: `x${SECRET.length}` });
    expect(headerOf(har.entries[0]?.response as Entry['response'], 'set-cookie')).toBe(
      `uid=x${SECRET.length}; Path=/; Secure`,
    );
    const api = har.entries.find(({ request }) => request.url.includes('/api?'));
    expect(api?.request.url).toContain(`/api?uid=x${SECRET.length}&also=`);
    expect(headerOf(api?.request as Entry['request'], 'cookie')).toBe(`uid=x${SECRET.length}`);
  });
});
