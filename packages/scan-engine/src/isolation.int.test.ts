import type { SiteObservation } from '@cookie-scanner/contracts';
import { SITES, startTestWeb, type Site, type TestWeb } from '@cookie-scanner/test-web';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { scanSite, startTestEngine } from './engine-fixture.test.helper.ts';
import type { ScanEngine } from './scan-engine.ts';
import { siteDifferences } from './site-differences.test.helper.ts';
import { answer, page, script, testSite } from './test-site.test.helper.ts';

const SITE_COUNT = 20;
const THIRD_PARTY = 'shared-tracker.test';

/** Everything that one visitor could leave to the next: cookies of all kinds, storage, caches, service workers. */
function markedSite(index: number): Site {
  const mark = `mark_${index}`;
  return testSite(`isolated-${index}`, {
    '/': page(
      `<script>
        document.cookie = '${mark}_script=1; Path=/';
        cookieStore.set('${mark}_store', '1');
        localStorage.setItem('${mark}', '1');
        indexedDB.open('${mark}');
        caches.open('${mark}');
        navigator.serviceWorker.register('/worker.js');
      </script>
      <img src="https://${THIRD_PARTY}/${mark}.gif" alt=""><iframe src="https://${THIRD_PARTY}/frame/${mark}"></iframe>`,
      [`${mark}_http=1; Path=/; HttpOnly; Max-Age=3600`],
    ),
    '/worker.js': script(''),
    [`${THIRD_PARTY}/${mark}.gif`]: answer('image/gif', '', {
      'set-cookie': [`${mark}_pixel=1; Path=/; SameSite=None; Secure`],
    }),
    [`${THIRD_PARTY}/frame/${mark}`]: page(
      `<script>document.cookie = '${mark}_frame=1; Path=/; SameSite=None; Secure'; localStorage.setItem('${mark}_frame', '1');</script>`,
      [`${mark}_partitioned=1; Path=/; SameSite=None; Secure; Partitioned`],
    ),
  });
}

const marked = Array.from({ length: SITE_COUNT }, (_, index) => markedSite(index));

let web: TestWeb;
let engine: ScanEngine;

beforeAll(async () => {
  web = await startTestWeb({ extraSites: marked });
});
afterAll(() => web.close());

/** Numbers of all sites that left a mark in an observation. */
function marksIn(observation: SiteObservation): number[] {
  const marks = JSON.stringify(observation).matchAll(/mark_(\d+)/g);
  return [...new Set([...marks].map(([, index]) => Number(index)))];
}

describe.each(['context', 'browser'] as const)('scans that each have a %s of their own', (isolation) => {
  beforeAll(async () => {
    engine = await startTestEngine(web, { isolation });
  });
  afterAll(() => engine.close());

  it('run side by side without anything of one in another', async () => {
    const observations = await Promise.all(marked.map(({ url }) => scanSite(engine, url)));
    expect(observations.map(({ status }) => status)).toEqual(marked.map(() => 'success'));
    expect(observations.map(marksIn)).toEqual(marked.map((_site, index) => [index]));
    for (const { cookies, storage } of observations) {
      expect(cookies).toHaveLength(6);
      expect(cookies.filter(({ setBy }) => setBy.kind === 'unknown')).toEqual([]);
      expect(storage.map(({ kind }) => kind).sort()).toEqual(['cache', 'indexeddb', 'local', 'local']);
    }
  });

  it('send no cookie that another one was given', () => {
    const carried = web.requestLog().filter(({ cookie }) => cookie !== null);
    const foreign = carried.filter(({ url, cookie }) => {
      const own = /mark_\d+/.exec(url)?.[0] ?? `mark_${/isolated-(\d+)/.exec(url)?.[1] ?? ''}`;
      return [...(cookie ?? '').matchAll(/mark_\d+/g)].some(([mark]) => mark !== own);
    });
    expect(foreign).toEqual([]);
  });

  it('one after the other begin with nothing', async () => {
    const [site] = marked;
    if (!site) throw new Error('there is no site');
    const before = web.requestLog().length;
    await scanSite(engine, site.url);
    const first = web
      .requestLog()
      .slice(before)
      .find(({ url }) => url === site.url);
    expect(first).toMatchObject({ cookie: null });
  });

  it.each(['shop', 'workers', 'cross-site-frame'])(
    'of one site at the same time see the same: %s',
    async (name) => {
      const site = SITES.find((candidate) => candidate.name === name);
      if (!site) throw new Error('the test web has lost a site');
      const observations = await Promise.all([scanSite(engine, site.url), scanSite(engine, site.url)]);
      expect(observations.map((observation) => siteDifferences(site, observation))).toEqual([[], []]);
      const [one, other] = observations.map(({ cookies, storage, requests, pages }) => ({
        cookies: cookies
          .map(({ name: cookie, domain, path, setBy }) => ({ cookie, domain, path, setBy }))
          .sort((a, b) => (a.cookie < b.cookie ? -1 : 1)),
        storage: storage.map(({ kind, origin, key }) => `${kind} ${origin} ${key}`).sort(),
        hosts: requests.hosts,
        pages,
      }));
      expect(one).toEqual(other);
    },
  );
});
