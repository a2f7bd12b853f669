import { siteObservationSchema, type SiteObservation } from '@cookie-scanner/contracts';
import { startTestWeb, type Site, type TestWeb } from '@cookie-scanner/test-web';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { gzipSync } from 'node:zlib';
import { until } from './browser-processes.test.helper.ts';
import { scanSite, startTestEngine } from './engine-fixture.test.helper.ts';
import type { ScanEngine } from './scan-engine.ts';
import { answer, page, testSite } from './test-site.test.helper.ts';

const TIMEOUT_MS = 8_000;
/** As for every scan two seconds, and what a busy machine adds. */
const DEADLINE_MARGIN_MS = 10_000;

/** Unpacks to 256 times its size, twenty times over. */
const BOMB = gzipSync(Buffer.alloc(20_000_000));

/** What one scan may take from the network, and what is on its way between two sockets. */
const EGRESS_BYTES_MAX = 250_000_000;
const BUFFERS_BYTES = 20_000_000;
let endlessBytes = 0;
let isEndlessOver = false;

function excessive(name: string, code: string, routes: Site['routes'] = {}): Site {
  return testSite(`excess-${name}`, {
    '/': page(`<script>document.cookie = 'kept=1; Path=/'; ${code}</script>`),
    '/small': page('<p>Small</p>'),
    ...routes,
  });
}

const manyCookies = excessive(
  'cookies',
  'for (let n = 0; n < 50000; n += 1) document.cookie = "n" + n + "=1; Path=/n"; document.cookie = "kept=2; Path=/";',
);
const longNames = excessive(
  'names',
  'for (let n = 0; n < 20; n += 1) document.cookie = "x".repeat(1e6) + n + "=1";',
);
const manyWindows = excessive('windows', 'for (let n = 0; n < 1000; n += 1) open("/small?" + n);');
const manyDownloads = excessive(
  'downloads',
  `for (let n = 0; n < 100; n += 1) {
    const link = document.createElement('a');
    link.href = '/file?' + n;
    link.download = '';
    link.click();
  }`,
  { '/file': answer('application/octet-stream', 'x', { 'content-disposition': 'attachment' }) },
);
const bomb = excessive('bomb', 'for (let n = 0; n < 20; n += 1) fetch("/bomb?" + n).then((r) => r.text());', {
  '/bomb': ({ response }) => {
    response.writeHead(200, { 'content-type': 'text/plain', 'content-encoding': 'gzip' }).end(BOMB);
  },
});
const endless = excessive('endless', 'fetch("/endless").then((r) => r.blob());', {
  '/endless': ({ response }) => {
    const chunk = Buffer.alloc(1_000_000);
    response.once('close', () => {
      isEndlessOver = true;
    });
    const more = (): void => {
      do endlessBytes += chunk.length;
      while (!response.destroyed && response.write(chunk));
      if (!response.destroyed) response.once('drain', more);
    };
    response.writeHead(200, { 'content-type': 'application/octet-stream' });
    more();
  },
});
const sites = [manyCookies, longNames, manyWindows, manyDownloads, bomb, endless];

let web: TestWeb;
let engine: ScanEngine;
beforeAll(async () => {
  web = await startTestWeb({ extraSites: sites });
  engine = await startTestEngine(web);
});
afterAll(async () => {
  await engine.close();
  await web.close();
});

/** Scans a site that goes too far, and holds it to what every scan promises. */
async function scan(site: Site): Promise<SiteObservation> {
  const observation = await scanSite(engine, site.url, { timeoutMs: TIMEOUT_MS });
  expect(siteObservationSchema.parse(observation)).toEqual(observation);
  expect(observation.durationMs).toBeLessThan(TIMEOUT_MS + DEADLINE_MARGIN_MS);
  expect(['success', 'partial']).toContain(observation.status);
  return observation;
}

function namesOf({ cookies }: SiteObservation): string[] {
  return cookies.map(({ name }) => name);
}

describe('a site that goes too far', () => {
  it('writes fifty thousand cookies: the jar is told, the rest is counted', async () => {
    const observation = await scan(manyCookies);
    expect(observation.cookies.length).toBeGreaterThan(100);
    expect(observation.blockedCookies.length).toBeLessThanOrEqual(2_000);
    expect(JSON.stringify(observation).length).toBeLessThan(10_000_000);
    expect(observation.quality.truncated.map(({ list }) => list)).toContain('blockedCookies');
  });

  it('writes names of a megabyte: they are told as refused, shortened', async () => {
    const observation = await scan(longNames);
    expect(namesOf(observation)).toEqual(['kept']);
    expect(observation.blockedCookies.length).toBeGreaterThan(0);
    expect(JSON.stringify(observation).length).toBeLessThan(1_000_000);
  });

  it('opens a thousand windows: some are looked at, the rest is counted', async () => {
    const observation = await scan(manyWindows);
    expect(namesOf(observation)).toEqual(['kept']);
    const windows = observation.quality.truncated.find(({ list }) => list === 'windows');
    expect(windows?.total).toBeGreaterThan(50);
  });

  it('starts a hundred downloads: nothing is written', async () => {
    expect(namesOf(await scan(manyDownloads))).toEqual(['kept']);
  });

  it('answers with what unpacks to a multiple', async () => {
    expect(namesOf(await scan(bomb))).toEqual(['kept']);
  });

  it('answers without end: after so many bytes, or when the scan is over, nothing more is taken', async () => {
    expect(namesOf(await scan(endless))).toEqual(['kept']);
    await until(() => isEndlessOver);
    expect(endlessBytes).toBeLessThan(EGRESS_BYTES_MAX + BUFFERS_BYTES);
  });

  it('leaves the engine able to scan', async () => {
    expect(await scanSite(engine, 'https://shop.test/')).toMatchObject({ status: 'success' });
  });
});
