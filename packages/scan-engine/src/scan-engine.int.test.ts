import { siteObservationSchema, type SiteObservation } from '@cookie-scanner/contracts';
import { SITES, startTestWeb, type Site, type TestWeb } from '@cookie-scanner/test-web';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { workAhead } from './ahead.test.helper.ts';
import { ENGINE_VERSION } from './engine-settings.ts';
import { scanSite, startTestEngine } from './engine-fixture.test.helper.ts';
import type { ScanEngine } from './scan-engine.ts';
import { siteDifferences } from './site-differences.test.helper.ts';
import { SLOW_SITES } from './slow-sites.test.helper.ts';

const sites = SITES.filter(({ name }) => !SLOW_SITES.has(name));
const PARALLEL_MAX = 3;

let web: TestWeb;
let engine: ScanEngine;
const scan = workAhead<Site, SiteObservation>(
  sites,
  PARALLEL_MAX,
  async ({ url }) => await scanSite(engine, url),
);

beforeAll(async () => {
  web = await startTestWeb();
  engine = await startTestEngine(web);
});
afterAll(async () => {
  await engine.close();
  await web.close();
});

function siteNamed(wanted: string): Site {
  const site = sites.find(({ name }) => name === wanted);
  if (!site) throw new Error(`the test web has lost its site ${wanted}`);
  return site;
}

describe('a scan of the test web', () => {
  it.each(sites.map((site) => [site.name, site] as const))(
    '%s: lists exactly its true cookies with their setters',
    async (_name, site) => {
      expect(siteDifferences(site, await scan(site))).toEqual([]);
    },
  );

  it.each(sites.map((site) => [site.name, site] as const))(
    '%s: is an observation as the contract has it',
    async (_name, site) => {
      const observation = await scan(site);
      expect(siteObservationSchema.parse(JSON.parse(JSON.stringify(observation)))).toEqual(observation);
    },
  );

  it('sees every target before it runs, and says of every cookie in the jar who set it', async () => {
    const blind = await Promise.all(
      sites.map(async (site) => {
        const { quality } = await scan(site);
        return {
          site: site.name,
          notAttached: quality.targetsNotAttached,
          unattributed: quality.unattributedShare,
        };
      }),
    );
    expect(
      blind.filter(({ notAttached, unattributed }) => notAttached.length > 0 || unattributed > 0),
    ).toEqual([]);
  });

  it('tells every event in the life of a cookie', async () => {
    const { cookies } = await scan(siteNamed('transient'));
    const counter = cookies.find(({ name }) => name === 'counter');
    expect(counter?.events.map(({ action }) => action)).toEqual(['set', 'changed', 'changed']);
    const times = counter?.events.map(({ atMs }) => atMs) ?? [];
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  it('names the addresses that led to the page', async () => {
    const [page] = (await scan(siteNamed('redirect-cross-site'))).pages;
    expect(page?.redirects).toEqual([
      'https://redirect-start.test/go',
      'https://redirect-click.test/c?to=landing',
    ]);
  });

  it('tells what a page says of itself and how it was secured, whatever its elements are called', async () => {
    const [page] = (await scan(siteNamed('page-facts'))).pages;
    expect(page?.facts).toEqual({
      language: 'en',
      generator: 'Handmade 1.0',
      scripts: 1,
      frames: 2,
      mixedContent: ['http://mixed.page-facts.test/picture.png'],
      headers: {
        'content-security-policy': expect.stringContaining('default-src'),
        'content-type': 'text/html; charset=utf-8',
        'permissions-policy': 'geolocation=()',
        'referrer-policy': 'no-referrer',
        'strict-transport-security': 'max-age=600',
      },
    });
    expect(page?.tls).toMatchObject({
      protocol: 'TLS 1.3',
      subjectNames: expect.arrayContaining(['*.test']),
    });
    expect(Date.parse(page?.tls?.validTo ?? '')).toBeGreaterThan(Date.parse(page?.tls?.validFrom ?? ''));
    const [plainHttp] = (await scan(siteNamed('not-modified'))).pages;
    expect(plainHttp?.tls).toBeNull();
  });

  it('counts requests and names their hosts', async () => {
    const { requests } = await scan(siteNamed('third-party-pixel'));
    expect(requests.hosts).toEqual(expect.arrayContaining(['third-party-pixel.test', 'tracker.test']));
    expect(requests.hosts).toEqual([...requests.hosts].sort());
    expect(requests.thirdParty).toBeGreaterThan(0);
    expect(requests.total).toBeGreaterThan(requests.thirdParty);
  });

  it('says what makes it think of a wall against robots', async () => {
    expect((await scan(siteNamed('bot-wall'))).quality.botWall).toContain('403');
    expect((await scan(siteNamed('status-503'))).quality.botWall).toBeNull();
  });

  it('says with what it was made', async () => {
    const { engine: made, quality } = await scan(siteNamed('shop'));
    expect(made).toEqual({ version: ENGINE_VERSION, browser: engine.browserVersion });
    expect(made.browser).toMatch(/Chrome\/\d+/);
    expect(quality).toMatchObject({
      timedOut: false,
      browserIdentity: 'visitor',
      clocksNotAdvanced: [],
    });
    // What comes late gets a little more.
    expect(quality.pageLifeMs).toBeGreaterThanOrEqual(30_000);
  });

  it('reports its steps in order', async () => {
    const stages: string[] = [];
    await scanSite(engine, siteNamed('plain').url, { onProgress: ({ stage }) => stages.push(stage) });
    expect(stages).toEqual(['navigating', 'settling', 'leaving', 'collecting']);
  });

  it('stores third-party cookies and says so', async () => {
    expect((await scan(siteNamed('third-party-pixel'))).quality.thirdPartyCookies).toBe('allowed');
  });

  it('reaches no private network', () => {
    expect(web.privateConnectionCount()).toBe(0);
  });
});
