import { startTestWeb, type TestWeb } from '@cookie-scanner/test-web';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { groupMemoryBytes } from './browser/process-memory.ts';
import { ownBrowserGroups } from './browser-processes.test.helper.ts';
import { scanSite, startTestEngine } from './engine-fixture.test.helper.ts';
import type { ScanEngine } from './scan-engine.ts';
import { noticing, page, testSite } from './test-site.test.helper.ts';

const LIMIT_BYTES = 700_000_000;
/** What a page allocates between two looks, on a machine whose processors others use too. */
const OVERSHOOT_BYTES = 1_000_000_000;
const TIMEOUT_MS = 60_000;

/** Takes hold of memory as fast as it can, and for ever. */
const HOARD = `
  const held = [];
  setInterval(() => { for (let n = 0; n < 8; n += 1) held.push(new Uint8Array(8e6).fill(n + 1)); }, 0);`;
/** The same in the browser's own process, which keeps what pages put into blobs. */
const HOARD_IN_BROWSER = `
  const held = [];
  setInterval(() => held.push(new Blob([new Uint8Array(20e6).fill(held.length + 1)])), 0);`;

const bomb = testSite('memory-bomb', {
  '/': page(`<script>document.cookie = 'by_script=1'; ${HOARD}</script>`, ['by_http=1; Path=/']),
});
const frameBomb = testSite('memory-frame', {
  '/': page('<iframe src="https://memory-elsewhere.test/"></iframe>', ['around=1; Path=/']),
  'memory-elsewhere.test/': page(`<script>${HOARD}</script>`),
});
const blobBomb = testSite('memory-blobs', {
  '/': page(`<script>document.cookie = 'by_script=1'; ${HOARD_IN_BROWSER}</script>`, ['by_http=1; Path=/']),
});

let isWaiting = (): void => undefined;
const neighbourWaits = new Promise<void>((resolve) => {
  isWaiting = resolve;
});
let letNeighbourGo = (): void => undefined;
const bombIsOver = new Promise<void>((resolve) => {
  letNeighbourGo = resolve;
});
/** Its page waits for an image until the bomb beside it is over. */
const neighbour = testSite('memory-neighbour', {
  '/': page('<img src="/late.gif" alt="">', ['quiet=1; Path=/']),
  '/late.gif': noticing(
    () => isWaiting(),
    async ({ response }) => {
      await bombIsOver;
      response.end();
    },
  ),
});

const onLinux = existsSync('/proc/self/statm') ? describe : describe.skip;

onLinux('a browser with a limit of memory', () => {
  let web: TestWeb;
  let engine: ScanEngine;
  let largestBytes = 0;
  let watch: NodeJS.Timeout;

  beforeAll(async () => {
    web = await startTestWeb({ extraSites: [bomb, frameBomb, blobBomb, neighbour] });
    engine = await startTestEngine(web, { browserMemoryLimitBytes: LIMIT_BYTES });
    watch = setInterval(() => {
      void ownBrowserGroups().then((groups) => {
        for (const group of groups) largestBytes = Math.max(largestBytes, groupMemoryBytes(group) ?? 0);
      });
    }, 100);
  });
  afterAll(async () => {
    clearInterval(watch);
    await engine.close();
    await web.close();
  });

  it('ends the page that holds most as resource_limit with what was seen, and the scan beside it does not notice', async () => {
    const groups = await ownBrowserGroups();
    const beside = scanSite(engine, neighbour.url, { timeoutMs: TIMEOUT_MS });
    await neighbourWaits;
    const observation = await scanSite(engine, bomb.url, { timeoutMs: TIMEOUT_MS });
    letNeighbourGo();

    expect(observation).toMatchObject({
      status: 'partial',
      statusReason: 'resource_limit',
      finalUrl: bomb.url,
      pages: [{ status: 'partial', statusReason: 'resource_limit' }],
    });
    expect(observation.cookies.map(({ name }) => name).sort()).toEqual(['by_http', 'by_script']);
    expect(await beside).toMatchObject({ status: 'success', cookies: [{ name: 'quiet' }] });
    expect(await ownBrowserGroups()).toEqual(groups);
  });

  it('says the same of a page whose frame from elsewhere was ended', async () => {
    const observation = await scanSite(engine, frameBomb.url, { timeoutMs: TIMEOUT_MS });
    expect(observation).toMatchObject({ status: 'partial', statusReason: 'resource_limit' });
    expect(observation.cookies.map(({ name }) => name)).toEqual(['around']);
  });

  it('is ended itself when it is what holds most; the scan keeps what it had seen, and the next one goes on', async () => {
    const groups = await ownBrowserGroups();
    const observation = await scanSite(engine, blobBomb.url, { timeoutMs: TIMEOUT_MS });
    expect(observation).toMatchObject({ status: 'partial', statusReason: 'resource_limit' });
    expect(observation.cookies.map(({ name }) => name)).toContain('by_http');
    expect(observation.quality.notes.join()).toContain('more memory');

    const next = await scanSite(engine, neighbour.url);
    expect(next).toMatchObject({ status: 'success' });
    expect(await ownBrowserGroups()).not.toEqual(groups);
  });

  it('never holds much more than its limit', () => {
    expect(largestBytes).toBeGreaterThan(LIMIT_BYTES / 2);
    expect(largestBytes).toBeLessThan(LIMIT_BYTES + OVERSHOOT_BYTES);
  });
});
