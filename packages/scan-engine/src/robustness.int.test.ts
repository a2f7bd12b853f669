import { SITES, startTestWeb, type Site, type TestWeb } from '@cookie-scanner/test-web';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SiteObservation } from '@cookie-scanner/contracts';
import { workAhead } from './ahead.test.helper.ts';
import { killOwnRenderers } from './browser-processes.test.helper.ts';
import { scanSite, startTestEngine } from './engine-fixture.test.helper.ts';
import type { ScanEngine } from './scan-engine.ts';
import { cookieDifferences, outcomeDifferences } from './site-differences.test.helper.ts';
import { SLOW_SITES } from './slow-sites.test.helper.ts';
import { noticing, page, testSite } from './test-site.test.helper.ts';

const TIMEOUT_MS = 8_000;
/** The deadline ends the page's life; two seconds more are for closing it and for reading the jar and the evidence. */
const DEADLINE_MARGIN_MS = 2_000;
const sites = SITES.filter(({ name }) => SLOW_SITES.has(name));

/** Its page waits for an image that is only answered once all renderers are gone. */
const crashing = testSite('renderer-crash', {
  '/': page('<script>document.cookie = "before_crash=1";</script><img src="/now.gif" alt="">', [
    'seen=1; Path=/',
  ]),
  '/now.gif': noticing(
    () => void killOwnRenderers(),
    () => undefined,
  ),
});

let web: TestWeb;
let engine: ScanEngine;
const scan = workAhead<Site, SiteObservation>(
  sites,
  3,
  async ({ url }) => await scanSite(engine, url, { timeoutMs: TIMEOUT_MS }),
);

beforeAll(async () => {
  web = await startTestWeb({ extraSites: [crashing] });
  engine = await startTestEngine(web);
});
afterAll(async () => {
  await engine.close();
  await web.close();
});

describe('a site that holds a scan up', () => {
  it.each(sites.map((site) => [site.name, site] as const))(
    '%s: ends by its deadline, as its truth says, with the cookies it set',
    async (_name, site) => {
      const observation = await scan(site);
      expect(outcomeDifferences(site.truth.outcome, observation)).toEqual([]);
      expect(cookieDifferences(site.truth.cookies, observation)).toEqual([]);
      expect(observation.durationMs).toBeLessThanOrEqual(TIMEOUT_MS + DEADLINE_MARGIN_MS);
    },
  );

  it('says of a scan that its deadline ended that it timed out', async () => {
    const silent = sites.find(({ name }) => name === 'never-answers');
    if (!silent) throw new Error('the test web has lost its silent site');
    expect(await scan(silent)).toMatchObject({ statusReason: 'timeout', quality: { timedOut: true } });
  });

  it('keeps what a page did before its process died, and says that it died', async () => {
    const observation = await scanSite(engine, crashing.url);
    expect(observation).toMatchObject({
      status: 'partial',
      statusReason: 'page_crashed',
      finalUrl: crashing.url,
    });
    expect(observation.cookies.map(({ name }) => name).sort()).toEqual(['before_crash', 'seen']);
  });

  it('leaves the engine able to scan', async () => {
    const plain = SITES.find(({ name }) => name === 'plain');
    if (!plain) throw new Error('the test web has lost its plain site');
    expect(await scanSite(engine, plain.url)).toMatchObject({ status: 'success' });
  });
});
