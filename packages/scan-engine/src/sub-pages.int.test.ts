import type { SiteObservation } from '@cookie-scanner/contracts';
import { startTestWeb, type TestWeb } from '@cookie-scanner/test-web';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { scanSite, startTestEngine } from './engine-fixture.test.helper.ts';
import type { ScanEngine } from './scan-engine.ts';
import { answer, page, script, testSite } from './test-site.test.helper.ts';

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

/** Its address leads to another site, and a link of it back to the first one. */
const moved = testSite('moved-away', {
  '/': ({ response }) => {
    response
      .writeHead(302, { location: 'https://moved-click.test/c', 'set-cookie': 'hop_one=1; Path=/' })
      .end();
  },
  'moved-click.test/c': ({ response }) => {
    const headers = { location: 'https://www.moved-here.test/home', 'set-cookie': 'hop_two=1; Path=/' };
    response.writeHead(302, headers).end();
  },
  'www.moved-here.test/home': page(
    `<a href="https://moved-away.test/old">Old</a><a href="/home#top">Top</a><a href="https://moved-here.test/more">More</a>
     <img src="https://moved-pixel.test/p.gif" alt="">`,
    ['home=1; Path=/'],
  ),
  'moved-here.test/more': page('<h1>More</h1>', ['more=1; Path=/']),
  'moved-away.test/old': page('<h1>Old</h1>', ['old=1; Path=/']),
  'moved-pixel.test/p.gif': answer('image/gif', 'GIF89a', {
    'set-cookie': 'pixel=1; Path=/; SameSite=None; Secure',
  }),
});

/** The browser reports no headers of answers to a shared worker, so that only the jar tells of their cookies. */
const unheard = testSite('unheard-pages', {
  '/': page('<a href="/worker">Worker</a>', ['home=1; Path=/']),
  '/worker': page('<script>new SharedWorker("/shared.js");</script>'),
  '/shared.js': script('fetch("/from-worker");'),
  '/from-worker': answer('text/plain', 'hello', { 'set-cookie': 'shared=1; Path=/' }),
});

/** One page of many never comes. */
const slow = testSite('slow-pages', {
  '/': page(Array.from({ length: 9 }, (_, index) => `<a href="/silent/${index}">${index}</a>`).join(''), [
    'home=1; Path=/',
  ]),
  '/silent/*': () => undefined,
});

const broken = testSite('broken-pages', {
  '/': page('<a href="/gone">Gone</a><a href="/fine">Fine</a>', ['home=1; Path=/']),
  '/gone': ({ request }) => void request.socket.destroy(),
  '/fine': page('<h1>Fine</h1>', ['fine=1; Path=/']),
});

let web: TestWeb;
let engine: ScanEngine;

beforeAll(async () => {
  web = await startTestWeb({ extraSites: [shop, many, moved, broken, slow, unheard] });
  engine = await startTestEngine(web);
});
afterAll(async () => {
  await engine.close();
  await web.close();
});

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

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

  it('says of which page a cookie is that nobody was seen setting', async () => {
    const observed = await scanSite(engine, unheard.url, { mode: 'standard' });
    expect(cookieOf(observed, 'shared')).toMatchObject({ pages: [`${unheard.url}worker`], events: [] });
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

describe('the limits of a scan', () => {
  it('keep a deep scan to twenty-five pages, and to ten that look alike', async () => {
    const observed = await scanSite(engine, many.url, { mode: 'deep', timeoutMs: 100_000 });
    expect(pagesOf(observed)).toEqual([many.url, ...range(10).map((index) => `${many.url}page/${index}`)]);
    const all = await scanSite(engine, many.url, {
      mode: 'deep',
      samplesPerPatternMax: 500,
      timeoutMs: 100_000,
    });
    expect(all.pages).toHaveLength(25);
    expect(new Set(pagesOf(all)).size).toBe(25);
  });

  it('are those that were asked for', async () => {
    const params = { mode: 'standard', timeoutMs: 100_000 } as const;
    expect((await scanSite(engine, many.url, { ...params, pagesMax: 2 })).pages).toHaveLength(2);
    expect((await scanSite(engine, many.url, { ...params, samplesPerPatternMax: 1 })).pages).toHaveLength(2);
    expect((await scanSite(engine, many.url, { ...params, depthMax: 0 })).pages).toHaveLength(1);
    expect(pagesOf(await scanSite(engine, shop.url, { ...params, depthMax: 1 }))).not.toContain(
      'https://www.sub-pages.test/four',
    );
  });

  it('end a deep scan at its deadline with what it saw, and no page takes the time of all others', async () => {
    const observed = await scanSite(engine, slow.url, { mode: 'deep', timeoutMs: 25_000 });
    expect(observed).toMatchObject({ status: 'partial', statusReason: 'timeout', finalUrl: slow.url });
    expect(observed.quality.timedOut).toBe(true);
    expect(cookieOf(observed, 'home')).toBeDefined();
    expect(observed.pages.slice(1).every(({ statusReason }) => statusReason === 'timeout')).toBe(true);
    expect(observed.pages.length).toBeGreaterThanOrEqual(3);
  });
});

describe('an address that leads to another site', () => {
  it('makes that one the first party, keeps what was asked for, and names those that only led there', async () => {
    const observed = await scanSite(engine, moved.url, { mode: 'standard' });
    expect(observed).toMatchObject({
      requestedUrl: moved.url,
      finalUrl: 'https://www.moved-here.test/home',
      pages: [
        { redirects: [moved.url, 'https://moved-click.test/c'] },
        { url: 'https://moved-here.test/more' },
      ],
    });
    const parties = observed.cookies.map(({ name, party, isRedirectParty }) => [
      name,
      party,
      isRedirectParty,
    ]);
    expect(parties.sort()).toEqual([
      ['home', 'first', false],
      ['hop_one', 'third', true],
      ['hop_two', 'third', true],
      ['more', 'first', false],
      ['pixel', 'third', false],
    ]);
  });
});

describe('a jar for each page', () => {
  const observe = async (jar: 'session' | 'isolated'): Promise<SiteObservation> =>
    await scanSite(engine, 'https://four-pages.test/', { mode: 'standard', jar, timeoutMs: 100_000 });

  it('lets every page meet a visitor who was never there, and lists a cookie of several pages once', async () => {
    const observed = await observe('isolated');
    expect(pagesOf(observed)).toEqual(
      ['', 'two', 'three', 'four'].map((path) => `https://four-pages.test/${path}`),
    );
    expect(observed.cookies.map(({ name }) => name).sort()).toEqual(['arrived', 'only_on_two', 'visit']);
    expect(cookieOf(observed, 'arrived')).toMatchObject({ pages: ['https://four-pages.test/four'] });
    expect(cookieOf(observed, 'visit')).toMatchObject({
      value: 'two',
      pages: ['https://four-pages.test/', 'https://four-pages.test/two'],
      events: [{ action: 'set' }, { action: 'set' }],
      sameInAllProfiles: false,
    });
    expect(observed).toMatchObject({ status: 'success', finalUrl: 'https://four-pages.test/' });
    expect(observed.quality.unattributedShare).toBe(0);
  });

  it('is not what a visitor has who goes from page to page', async () => {
    const observed = await observe('session');
    expect(observed.cookies.map(({ name }) => name).sort()).toEqual(['only_on_two', 'visit']);
    expect(cookieOf(observed, 'visit')).toMatchObject({
      events: [{ action: 'set' }, { action: 'changed' }],
      sameInAllProfiles: null,
    });
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
