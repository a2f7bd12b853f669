import type { ScanParamsInput, SiteObservation } from '@cookie-scanner/contracts';
import { startTestWeb, type Site, type TestWeb } from '@cookie-scanner/test-web';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { IncomingHttpHeaders } from 'node:http';
import { scanSite, startTestEngine } from './engine-fixture.test.helper.ts';
import type { ScanEngine } from './scan-engine.ts';
import { answer, page, script, testSite } from './test-site.test.helper.ts';

/** Collects what a place knows of its visitor in its very first line, and sends it under the name of the place. */
const TELL = `
  const facts = {
    userAgent: navigator.userAgent,
    platform: navigator.platform,
    brands: navigator.userAgentData ? navigator.userAgentData.brands.map(({ brand }) => brand).join() : null,
    isMobile: navigator.userAgentData ? navigator.userAgentData.mobile : null,
    languages: navigator.languages.join(),
    locale: Intl.NumberFormat().resolvedOptions().locale,
    number: (1234.5).toLocaleString(),
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    hours: new Date(2026, 6, 1).getTimezoneOffset() / 60,
    width: globalThis.innerWidth ?? null,
    ratio: globalThis.devicePixelRatio ?? null,
    touchPoints: navigator.maxTouchPoints ?? null,
    isCoarse: globalThis.matchMedia ? matchMedia('(pointer: coarse)').matches : null,
  };
  const tell = async (place) => {
    await fetch('https://visitor.test/tell/' + place, { method: 'POST', mode: 'no-cors', body: JSON.stringify(facts) });
  };
`;

type Facts = Readonly<Record<string, string | number | boolean | null>>;
interface Heard {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

const told = new Map<string, Facts>();
const heard: Heard[] = [];

function hearing(then: Site['routes'][string]): Site['routes'][string] {
  return (exchange) => {
    heard.push({ path: exchange.url.host + exchange.url.pathname, headers: exchange.request.headers });
    return then(exchange);
  };
}

const MOBILE_VIEWPORT = '<meta name="viewport" content="width=device-width, initial-scale=1">';
const site = testSite('visitor', {
  '/': hearing(
    page(`${MOBILE_VIEWPORT}
      <script>
        ${TELL}
        tell('page');
        new Worker('/dedicated.js');
        new SharedWorker('/shared.js');
        navigator.serviceWorker.register('/service.js');
        open('/popup');
      </script>
      <iframe src="/frame"></iframe><iframe src="https://visitor-elsewhere.test/frame"></iframe>`),
  ),
  '/frame': hearing(page(`<script>${TELL} tell('same-site-frame');</script>`)),
  '/popup': hearing(page(`<script>${TELL} tell('popup');</script>`)),
  '/dedicated.js': hearing(script(`${TELL} tell('dedicated-worker');`)),
  '/shared.js': hearing(script(`${TELL} tell('shared-worker');`)),
  '/service.js': hearing(script(`${TELL} tell('service-worker');`)),
  'visitor-elsewhere.test/frame': hearing(page(`<script>${TELL} tell('cross-site-frame');</script>`)),
  '/cookie': page(`<script>
    const { timeZone, locale } = Intl.DateTimeFormat().resolvedOptions();
    document.cookie = 'told=' + timeZone + '|' + locale;
  </script>`),
  '/favicon.ico': hearing(answer('image/gif', '')),
  '/tell/*': hearing(async ({ request, response, url }) => {
    let body = '';
    request.setEncoding('utf8');
    for await (const chunk of request) body += String(chunk);
    told.set(url.pathname.replace('/tell/', ''), JSON.parse(body) as Facts);
    response.writeHead(204).end();
  }),
});

const FRAMES = ['page', 'same-site-frame', 'cross-site-frame', 'popup'];
const WORKERS = ['dedicated-worker', 'shared-worker', 'service-worker'];
const PLACES = [...FRAMES, ...WORKERS];

let web: TestWeb;
let engine: ScanEngine;
beforeAll(async () => {
  web = await startTestWeb({ extraSites: [site] });
  engine = await startTestEngine(web);
});
afterAll(async () => {
  await engine.close();
  await web.close();
});

async function visitAs(params: ScanParamsInput): Promise<SiteObservation> {
  told.clear();
  heard.length = 0;
  return await scanSite(engine, site.url, params);
}

/** What each request said under the name of a header, but for the scripts of service workers, which are Chromium's. */
function saidInHeaders(name: string): Set<string | undefined> {
  const requests = heard.filter(({ path }) => path !== 'visitor.test/service.js');
  return new Set(requests.map(({ headers }) => String(headers[name])));
}

describe('a visitor with a telephone in Japan who reads German', () => {
  let observation: SiteObservation;
  beforeAll(async () => {
    observation = await visitAs({ device: 'phone', locale: 'de-DE', timeZone: 'Asia/Tokyo' });
  });

  it.each(PLACES)('is one in the first line of a %s', (place) => {
    expect(told.get(place)).toMatchObject({
      userAgent: observation.visitor?.userAgent,
      platform: 'Linux armv81',
      brands: expect.stringContaining('Google Chrome'),
      isMobile: true,
      languages: 'de-DE,de',
      locale: 'de-DE',
      number: '1.234,5',
      timeZone: 'Asia/Tokyo',
      hours: -9,
    });
  });

  it.each(FRAMES)('touches a %s', (place) => {
    expect(told.get(place)).toMatchObject({ ratio: 2.625, touchPoints: 5, isCoarse: true });
  });

  it('has a page as wide as the telephone', () => {
    expect(told.get('page')?.['width']).toBe(412);
  });

  it('is one in every request, whoever sends it', () => {
    expect(saidInHeaders('user-agent')).toEqual(new Set([observation.visitor?.userAgent]));
    expect(saidInHeaders('accept-language')).toEqual(new Set(['de-DE,de;q=0.9']));
    const hints = heard.flatMap(({ headers }) => headers['sec-ch-ua-platform'] ?? []);
    expect(new Set(hints)).toEqual(new Set(['"Android"']));
  });

  it('is stamped on the observation, with what Chromium did not allow', () => {
    expect(observation.visitor).toEqual({
      device: 'phone',
      viewport: { width: 412, height: 915, deviceScaleFactor: 2.625, isMobile: true },
      locale: 'de-DE',
      timeZone: 'Asia/Tokyo',
      userAgent: expect.stringMatching(/Android.*Chrome\/\d+\.0\.0\.0 Mobile/),
    });
    expect(observation.quality.notes).toContainEqual(expect.stringContaining('service workers'));
  });
});

describe('a visitor with the user agent of a browser without client hints', () => {
  const userAgent = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0';
  beforeAll(() => visitAs({ userAgent }));

  it.each(PLACES)('gives none in a %s', (place) => {
    expect(told.get(place)).toMatchObject({ userAgent, platform: 'Win32', brands: null, isMobile: null });
  });

  it('sends none', () => {
    expect(saidInHeaders('user-agent')).toEqual(new Set([userAgent]));
    expect(
      heard.flatMap(({ headers }) => Object.keys(headers)).filter((name) => /^sec-ch-/.test(name)),
    ).toEqual([]);
  });
});

describe('a visitor with a viewport of their own', () => {
  it('keeps the rest of the device', async () => {
    const { visitor } = await visitAs({ device: 'tablet', viewport: { width: 1_000, height: 600 } });
    expect(told.get('page')).toMatchObject({ width: 1_000, ratio: 2, touchPoints: 5 });
    expect(visitor?.userAgent).toMatch(/Android.*Chrome\/\S+ Safari/);
  });
});

describe('a visitor of whom nothing was said', () => {
  it('sits at a desk, and is told apart from those before in the same browser', async () => {
    const { visitor, quality } = await visitAs({});
    expect(told.get('page')).toMatchObject({
      userAgent: visitor?.userAgent,
      width: visitor?.viewport.width,
      languages: 'en-US,en',
      timeZone: visitor?.timeZone,
      touchPoints: 0,
      isMobile: false,
    });
    expect(visitor).toMatchObject({ device: 'desktop', locale: 'en-US', userAgent: engineUserAgent() });
    expect(quality.notes).toEqual([]);
  });

  it('is not the one of a scan that runs at the same time', async () => {
    told.clear();
    const zones = ['Europe/Berlin', 'America/New_York', 'America/Sao_Paulo'];
    const seen = await Promise.all(
      zones.map(async (timeZone, index) => {
        const locale = ['de-DE', 'fr-FR', 'hi-IN'][index] ?? null;
        const { cookies } = await scanSite(engine, `https://visitor.test/cookie`, { timeZone, locale });
        return cookies.map(({ value }) => value);
      }),
    );
    expect(seen).toEqual([['Europe/Berlin|de-DE'], ['America/New_York|fr-FR'], ['America/Sao_Paulo|hi-IN']]);
  });
});

/** The user agent of a request that Chromium does not let a scan change: the browser's own. */
function engineUserAgent(): string | undefined {
  return heard.find(({ path }) => path === 'visitor.test/service.js')?.headers['user-agent'];
}
