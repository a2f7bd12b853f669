import type { SiteObservation } from '@cookie-scanner/contracts';
import { SITES, startTestWeb, type Site, type TestWeb } from '@cookie-scanner/test-web';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { workAhead } from './ahead.test.helper.ts';
import { scanSite, startTestEngine } from './engine-fixture.test.helper.ts';
import type { ScanEngine } from './scan-engine.ts';

type ExploredSite = Site & Required<Pick<Site, 'exploration'>>;
const sites = SITES.filter((site): site is ExploredSite => site.exploration !== undefined);
/** Long enough for a slow machine; no scan waits for its end. */
const TIMEOUT_MS = 110_000;

let web: TestWeb;
let engine: ScanEngine;
const scan = workAhead<ExploredSite, SiteObservation>(
  sites,
  2,
  async ({ url, exploration }) =>
    await scanSite(engine, url, { mode: exploration.mode, timeoutMs: TIMEOUT_MS }),
);

beforeAll(async () => {
  web = await startTestWeb();
  engine = await startTestEngine(web);
});
afterAll(async () => {
  await engine.close();
  await web.close();
});

function siteNamed(wanted: string): ExploredSite {
  const site = sites.find(({ name }) => name === wanted);
  if (!site) throw new Error(`the test web has lost its site ${wanted}`);
  return site;
}

describe.each(sites.map((site) => [site.name, site] as const))('a scan of %s', (_name, site) => {
  const { exploration } = site;

  it(
    'visits the pages that a visitor can reach, each once, and says how each ended',
    async () => {
      const { pages } = await scan(site);
      expect(Object.fromEntries(pages.map(({ url, status }) => [url, status]))).toEqual(exploration.pages);
      expect(pages).toHaveLength(Object.keys(exploration.pages).length);
    },
    TIMEOUT_MS + 10_000,
  );

  it('says which pages it left out', async () => {
    const { skippedPages } = await scan(site);
    expect(skippedPages.map(({ url }) => url).sort()).toEqual([...exploration.skippedPages].sort());
  });

  it('finds the cookies of all pages, and says of which', async () => {
    const { cookies } = await scan(site);
    const found = Object.fromEntries(cookies.map(({ name, pages }) => [name, [...pages].sort()]));
    const expected = Object.entries(exploration.cookies).map(([name, pages]) => [name, [...pages].sort()]);
    expect(found).toEqual(Object.fromEntries(expected));
  });

  it('ends well, whatever its further pages do', async () => {
    expect(await scan(site)).toMatchObject({ status: 'success', finalUrl: site.url });
  });
});

describe('pages that would leave the site', () => {
  it('say where they lead when nothing else was shown, and keep their own address when something was', async () => {
    const { pages, hosts } = await scan(siteNamed('leads-off'));
    const partner = 'https://leads-off-partner.test/landing';
    expect(pages.map(({ statusReason, redirects }) => [statusReason, redirects])).toEqual([
      [null, []],
      ['leads_off_site', [partner]],
      [null, []],
      [null, []],
    ]);
    expect(hosts.filter(({ outcome }) => outcome !== 'not_asked').map(({ host }) => host)).toEqual([
      'leads-off.test',
    ]);
    expect(web.requestLog().filter(({ host }) => host === 'leads-off-partner.test')).toEqual([]);
  });
});

describe('what a site has for robots', () => {
  it('is asked for beside the browser: its cookies are not those of a visitor', async () => {
    const { cookies, transientCookies, blockedCookies } = await scan(siteNamed('mapped-shop'));
    const names = [...cookies, ...transientCookies, ...blockedCookies].map(({ name }) => name);
    expect(names).not.toContain('robot');
    const asked = web.requestLog().filter(({ url }) => url === 'https://mapped-shop.test/robots.txt');
    expect(asked).toEqual([expect.objectContaining({ cookie: null })]);
  });

  it('leads to no other site', async () => {
    await scan(siteNamed('mapped-shop'));
    await scan(siteNamed('sitemap-bombs'));
    const partners = web.requestLog().filter(({ host }) => /(?:shop|bombs)-partner\.test$/.test(host));
    expect(partners).toEqual([]);
  });

  it('does no harm, and the reader is told what was not used', async () => {
    const { quality } = await scan(siteNamed('sitemap-bombs'));
    const told = quality.notes.filter((note) => note.startsWith('The sitemap '));
    expect(
      told.map((note) => note.replace('The sitemap https://sitemap-bombs.test/', '').split(';')[0]),
    ).toEqual([
      'packed.xml.gz is packed so that it bursts',
      'packed-twice.xml.gz is packed so that it bursts',
      'nested.xml is nested too deeply',
      'missing.xml was answered with 404',
      'moved.xml leads to another site',
      'endless.xml did not come in time',
      'sitemap.xml declares a document type, which sitemaps have no use for',
    ]);
  });

  it('is not asked for by a scan of one page', async () => {
    const before = web.requestLog().length;
    await scanSite(engine, 'https://mapped-shop.test/');
    await scanSite(engine, 'https://mapped-shop.test/', { mode: 'deep', pagesMax: 1 });
    await scanSite(engine, 'https://mapped-shop.test/', { mode: 'deep', depthMax: 0 });
    const asked = web
      .requestLog()
      .slice(before)
      .map(({ url }) => url);
    expect(asked.filter((url) => /robots|sitemap/.test(url))).toEqual([]);
  });

  it('can be ignored', async () => {
    const observation = await scanSite(engine, 'https://closed-to-robots.test/', {
      mode: 'standard',
      robots: 'ignore',
    });
    expect(observation.cookies.map(({ name }) => name)).toEqual(['closed']);
    expect(observation.skippedPages).toEqual([]);
    expect(observation.quality.notes.join()).not.toContain('robots');
  });

  it('does not close the start page, which somebody asked for', async () => {
    const { quality } = await scan(siteNamed('closed-to-robots'));
    expect(quality.notes).toEqual([expect.stringContaining('closes the start page')]);
  });
});
