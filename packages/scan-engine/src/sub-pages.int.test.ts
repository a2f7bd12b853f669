import type { SiteObservation } from '@cookie-scanner/contracts';
import { startTestWeb, type TestWeb } from '@cookie-scanner/test-web';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { scanSite, startTestEngine } from './engine-fixture.test.helper.ts';
import type { ScanEngine } from './scan-engine.ts';
import { page, testSite } from './test-site.test.helper.ts';

const ORIGIN = 'https://sub-pages.test';

const shop = testSite('sub-pages', {
  '/': page(
    `<a href="/two#reviews">Two</a><a href="/two">Two again</a><a href="#top">Top</a>
     <a href="https://elsewhere-entirely.test/">Partner</a><a href="mailto:shop@sub-pages.test">Mail</a>
     <a href="https://www.sub-pages.test/three">Three</a>`,
    ['session=1; Path=/'],
  ),
  '/two': page('<a href="/">Home</a><script>document.cookie = "only_on_two=2; Path=/";</script>'),
  'www.sub-pages.test/three': page('<a href="/four">Four</a>', [
    'on_three=3; Path=/',
    'wide=4; Path=/; Domain=sub-pages.test',
  ]),
  'www.sub-pages.test/four': page('<h1>Four</h1>'),
  'elsewhere-entirely.test/': page('<h1>Partner</h1>', ['partner=1; Path=/']),
});

const many = testSite('many-pages', {
  '/': page(Array.from({ length: 30 }, (_, index) => `<a href="/page/${index}">${index}</a>`).join('')),
  '/page/*': page('<h1>Page</h1>', ['paged=1; Path=/']),
});

/** Its address leads to another host of the site, and its only link leads off the site. */
const leading = testSite('leading-off', {
  '/': ({ response }) => {
    response.writeHead(302, { location: 'https://www.leading-off.test/home' }).end();
  },
  'www.leading-off.test/home': page('<a href="/go">Go</a>', ['home=1; Path=/']),
  'www.leading-off.test/go': ({ response }) => {
    response.writeHead(302, { location: 'https://off-the-site.test/landing' }).end();
  },
  'off-the-site.test/landing': page(
    '<a href="/deeper">Deeper</a><a href="https://www.leading-off.test/home">Back</a>',
    ['landing=1; Path=/'],
  ),
  'off-the-site.test/deeper': page('<h1>Deeper</h1>', ['deeper=1; Path=/']),
});

const broken = testSite('broken-pages', {
  '/': page('<a href="/gone">Gone</a><a href="/fine">Fine</a>', ['home=1; Path=/']),
  '/gone': ({ request }) => void request.socket.destroy(),
  '/fine': page('<h1>Fine</h1>', ['fine=1; Path=/']),
});

let web: TestWeb;
let engine: ScanEngine;

beforeAll(async () => {
  web = await startTestWeb({ extraSites: [shop, many, leading, broken] });
  engine = await startTestEngine(web);
});
afterAll(async () => {
  await engine.close();
  await web.close();
});

function pagesOf({ pages }: SiteObservation): string[] {
  return pages.map(({ url }) => url);
}

function cookieOf(
  { cookies }: SiteObservation,
  name: string,
): SiteObservation['cookies'][number] | undefined {
  return cookies.find((cookie) => cookie.name === name);
}

describe('a scan of one page', () => {
  it('follows no link', async () => {
    const observation = await scanSite(engine, shop.url, { mode: 'quick' });
    expect(pagesOf(observation)).toEqual([`${ORIGIN}/`]);
    expect(cookieOf(observation, 'only_on_two')).toBeUndefined();
  });
});

describe('a scan of some pages', () => {
  let observation: SiteObservation;
  const stages: { stage: string; pagesDone: number; pagesKnown: number }[] = [];

  beforeAll(async () => {
    observation = await scanSite(engine, shop.url, {
      mode: 'standard',
      onProgress: ({ stage, pagesDone, pagesKnown }) => stages.push({ stage, pagesDone, pagesKnown }),
    });
  });

  it('visits pages that the start page links to, on every host of the site, each once', () => {
    expect(pagesOf(observation)).toEqual([
      `${ORIGIN}/`,
      `${ORIGIN}/two`,
      'https://www.sub-pages.test/three',
      'https://www.sub-pages.test/four',
    ]);
    expect(observation.pages.map(({ status }) => status)).toEqual([
      'success',
      'success',
      'success',
      'success',
    ]);
  });

  it('finds a cookie that only the second page sets, and says so', () => {
    expect(cookieOf(observation, 'only_on_two')).toMatchObject({
      pages: [`${ORIGIN}/two`],
      setBy: { kind: 'javascript', url: `${ORIGIN}/two` },
      party: 'first',
    });
    expect(cookieOf(observation, 'session')).toMatchObject({ pages: [`${ORIGIN}/`] });
    expect(cookieOf(observation, 'wide')).toMatchObject({ pages: ['https://www.sub-pages.test/three'] });
  });

  it('does not go to other sites', () => {
    expect(observation.requests.hosts).toEqual(['sub-pages.test', 'www.sub-pages.test']);
    expect(cookieOf(observation, 'partner')).toBeUndefined();
  });

  it('keeps the address of the start page as the one that is finally shown', () => {
    expect(observation).toMatchObject({ requestedUrl: shop.url, finalUrl: shop.url });
  });

  it('tells how far it is', () => {
    expect(stages.filter(({ stage }) => stage === 'navigating').map(({ pagesDone }) => pagesDone)).toEqual([
      0, 1, 2, 3,
    ]);
    expect(stages.at(-1)).toMatchObject({ stage: 'collecting', pagesDone: 4 });
  });

  it('visits four pages at most', async () => {
    const observed = await scanSite(engine, many.url, { mode: 'standard' });
    expect(pagesOf(observed)).toEqual([many.url, ...[0, 1, 2].map((index) => `${many.url}page/${index}`)]);
  });
});

describe('a deep scan', () => {
  it('visits twenty-five pages at most', async () => {
    const observed = await scanSite(engine, many.url, { mode: 'deep' });
    expect(observed.pages).toHaveLength(25);
    expect(new Set(pagesOf(observed)).size).toBe(25);
  });
});

describe('a link that leads off the site by a redirect', () => {
  it('is visited and gone no further, and the start page is not visited again under its other address', async () => {
    const observed = await scanSite(engine, leading.url, { mode: 'standard' });
    expect(pagesOf(observed)).toEqual([
      'https://www.leading-off.test/home',
      'https://off-the-site.test/landing',
    ]);
    expect(cookieOf(observed, 'landing')).toMatchObject({ party: 'third' });
    expect(cookieOf(observed, 'deeper')).toBeUndefined();
  });
});

describe('a page that fails', () => {
  it('is an outcome of its own and does not stop the others', async () => {
    const observed = await scanSite(engine, broken.url, { mode: 'standard' });
    expect(observed).toMatchObject({ status: 'success', finalUrl: broken.url });
    expect(observed.pages.map(({ status, statusReason }) => [status, statusReason])).toEqual([
      ['success', null],
      ['failed', 'connection_failed'],
      ['success', null],
    ]);
    expect(cookieOf(observed, 'fine')).toBeDefined();
  });
});
