import { siteObservationSchema, type SiteObservation } from '@cookie-scanner/contracts';
import { SITES, startTestWeb, type Site, type TestWeb } from '@cookie-scanner/test-web';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { workAhead } from './ahead.test.helper.ts';
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

  it('stores third-party cookies and says so', async () => {
    const [site] = sites;
    if (!site) throw new Error('the test web has no sites');
    expect((await scan(site)).quality.thirdPartyCookies).toBe('allowed');
  });

  it('reaches no private network', () => {
    expect(web.privateConnectionCount()).toBe(0);
  });
});
