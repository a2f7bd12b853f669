import { startTestWeb, type Site, type TestWeb } from '@cookie-scanner/test-web';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { IncomingHttpHeaders } from 'node:http';
import { scanSite, startTestEngine } from './engine-fixture.test.helper.ts';
import type { BrowserIdentity } from './browser/browser-arguments.ts';
import { answer, page, script, testSite } from './test-site.test.helper.ts';

/** Collects what a place knows of the browser and sends it to the server under the name of the place. */
const TELL = `
  const tell = async (place) => {
    const data = navigator.userAgentData;
    const high = data ? await data.getHighEntropyValues(['fullVersionList', 'platform']) : null;
    const facts = {
      place,
      userAgent: navigator.userAgent,
      webdriver: navigator.webdriver ?? null,
      brands: JSON.stringify(data?.brands ?? null),
      high: JSON.stringify(high),
      languages: (navigator.languages ?? []).join(),
      // What scripts that want people only ask for; null in workers, which have none of it.
      furniture: typeof document === 'undefined' ? null : JSON.stringify({
        chrome: typeof globalThis.chrome?.loadTimes === 'function',
        plugins: Array.from(navigator.plugins, ({ name }) => name).length,
        pdf: navigator.mimeTypes['application/pdf'] instanceof MimeType && navigator.pdfViewerEnabled,
        native: [navigator.plugins.item, Object.getOwnPropertyDescriptor(Navigator.prototype, 'plugins').get, globalThis.chrome?.csi]
          .every((code) => String(code).includes('[native code]')),
        mouse: matchMedia('(hover: hover) and (pointer: fine)').matches,
        notifications: Notification.permission,
      }),
    };
    await fetch('https://identity.test/tell/' + place, { method: 'POST', mode: 'no-cors', body: JSON.stringify(facts) });
  };
`;

interface Told {
  readonly place: string;
  readonly userAgent: string;
  readonly webdriver: boolean | null;
  readonly brands: string;
  readonly high: string;
  readonly languages: string;
  readonly furniture: string | null;
}

const told = new Map<string, Told>();
const headers: { path: string; headers: IncomingHttpHeaders }[] = [];

/** Keeps the headers of a request before it is answered. */
function heard(then: Site['routes'][string]): Site['routes'][string] {
  return (exchange) => {
    headers.push({ path: exchange.url.host + exchange.url.pathname, headers: exchange.request.headers });
    return then(exchange);
  };
}

const IFRAME = `<script>${TELL} tell('cross-site-frame');</script>`;
const site = testSite('identity', {
  '/': heard(
    page(`
      <script>
        ${TELL}
        tell('page');
        new Worker('/dedicated.js');
        new SharedWorker('/shared.js');
        navigator.serviceWorker.register('/service.js');
        open('/popup');
      </script>
      <iframe src="/frame"></iframe><iframe src="https://identity-elsewhere.test/frame"></iframe>
      <img src="/image.gif" alt="">`),
  ),
  '/frame': heard(page(`<script>${TELL} tell('same-site-frame');</script>`)),
  '/popup': heard(page(`<script>${TELL} tell('popup');</script>`)),
  '/dedicated.js': heard(script(`${TELL} tell('dedicated-worker');`)),
  '/shared.js': heard(script(`${TELL} tell('shared-worker');`)),
  '/service.js': heard(script(`${TELL} tell('service-worker');`)),
  '/image.gif': heard(answer('image/gif', '')),
  'identity-elsewhere.test/frame': heard(page(IFRAME)),
  '/tell/*': heard(async ({ request, response }) => {
    let body = '';
    request.setEncoding('utf8');
    for await (const chunk of request) body += String(chunk);
    const facts = JSON.parse(body) as Told;
    told.set(facts.place, facts);
    response.writeHead(204).end();
  }),
});

const PLACES = [
  'page',
  'same-site-frame',
  'cross-site-frame',
  'popup',
  'dedicated-worker',
  'shared-worker',
  'service-worker',
];

let web: TestWeb;

beforeAll(async () => {
  web = await startTestWeb({ extraSites: [site] });
});
afterAll(() => web.close());

async function scanAs(identity: BrowserIdentity): Promise<void> {
  told.clear();
  headers.length = 0;
  const engine = await startTestEngine(web, { identity });
  try {
    const observation = await scanSite(engine, site.url);
    expect(observation).toMatchObject({ status: 'success', quality: { browserIdentity: identity } });
  } finally {
    await engine.close();
  }
}

describe('a browser that looks like a visitor’s', () => {
  beforeAll(() => scanAs('visitor'));

  it.each(PLACES)('shows no mark of automation in a %s', (place) => {
    const facts = told.get(place);
    expect(facts).toBeDefined();
    expect(JSON.stringify(facts)).not.toMatch(/headless/i);
    expect(facts?.userAgent).toMatch(/Chrome\/\d+\.0\.0\.0 /);
    // Workers have no such property; everywhere else it is false, as in any Chrome.
    expect([null, false]).toContain(facts?.webdriver);
  });

  it.each(PLACES)('names the brands of Chrome in a %s', (place) => {
    const facts = told.get(place);
    const major = /Chrome\/(\d+)/.exec(facts?.userAgent ?? '')?.[1] ?? 'none';
    expect(JSON.parse(facts?.brands ?? 'null')).toContainEqual({ brand: 'Google Chrome', version: major });
    expect(facts?.high).toContain('Google Chrome');
  });

  it.each(['page', 'same-site-frame', 'cross-site-frame', 'popup'])(
    'has what a browser with a window has in a %s',
    (place) => {
      expect(JSON.parse(told.get(place)?.furniture ?? 'null')).toEqual({
        chrome: true,
        plugins: 5,
        pdf: true,
        native: true,
        mouse: true,
        notifications: place === 'cross-site-frame' ? 'denied' : 'default',
      });
    },
  );

  it('says the same of itself everywhere', () => {
    expect(new Set([...told.values()].map(({ userAgent }) => userAgent)).size).toBe(1);
    expect(new Set([...told.values()].map(({ brands }) => brands)).size).toBe(1);
    expect(new Set([...told.values()].map(({ languages }) => languages)).size).toBe(1);
  });

  it('says in every request what it says in its pages', () => {
    const userAgent = told.get('page')?.userAgent;
    expect(headers.length).toBeGreaterThan(PLACES.length);
    expect(headers.filter((request) => request.headers['user-agent'] !== userAgent)).toEqual([]);
    expect(headers.filter((request) => /headless/i.test(JSON.stringify(request.headers)))).toEqual([]);
    const hints = headers.filter((request) => request.headers['sec-ch-ua'] !== undefined);
    expect(
      hints.filter((request) => !String(request.headers['sec-ch-ua']).includes('Google Chrome')),
    ).toEqual([]);
  });
});

describe('a browser that declares itself', () => {
  beforeAll(() => scanAs('declared'));

  it('names itself as automated in pages, frames and requests', () => {
    for (const place of ['page', 'same-site-frame', 'cross-site-frame', 'popup']) {
      expect(told.get(place)).toMatchObject({ webdriver: true });
    }
    for (const place of PLACES) expect(told.get(place)?.userAgent).toMatch(/HeadlessChrome/);
    expect(
      headers.filter((request) => !String(request.headers['user-agent']).includes('HeadlessChrome')),
    ).toEqual([]);
  });
});
