import type { SiteObservation } from '@cookie-scanner/contracts';
import { AppError } from '@cookie-scanner/errors';
import { describe, expect, it } from '@jest/globals';
import { refusedObservation } from './refused-observation.ts';
import { adjustableLimit } from './adjustable-limit.ts';
import { runCrawl } from './run-crawl.ts';
import type { ListedUrl } from './url-list.ts';
import { urlSet } from './url-set.ts';

const observationOf = (requestedUrl: string, reason = 'x'): SiteObservation =>
  refusedObservation({
    requestedUrl,
    reason,
    note: 'why',
    at: new Date(0),
    engine: { version: '0', browser: 'b' },
    identity: 'visitor',
  });

function harness(urls: Iterable<string>, doneUrls: string[] = []) {
  const done = urlSet();
  for (const url of doneUrls) done.add(url);
  const lines: string[] = [];
  let read = 0;
  const list = (async function* () {
    for (const url of urls) {
      read += 1;
      yield { url, line: read };
    }
  })();
  return {
    lines,
    requestedUrls: () => lines.map((line) => (JSON.parse(line) as SiteObservation).requestedUrl),
    readCount: () => read,
    options: {
      urls: list,
      sink: {
        done,
        append: async (line: string) => void lines.push(line),
        close: () => undefined,
      },
      concurrency: adjustableLimit(2, 64),
      broken: ({ url }: ListedUrl) => observationOf(url, 'browser_crashed'),
      onResult: () => undefined,
      onSkipped: () => undefined,
      signal: new AbortController().signal,
    },
  };
}

describe('runCrawl', () => {
  it('records each site once, whether it is listed twice or was scanned before', async () => {
    const { options, requestedUrls } = harness(['a', 'b', 'a', 'c', 'd'], ['c']);
    await runCrawl({ ...options, observe: async ({ url }) => observationOf(url) });
    expect(requestedUrls().sort()).toEqual(['a', 'b', 'd']);
  });

  it('never scans more sites at a time than asked, and reads no further ahead', async () => {
    const { options, readCount } = harness(Array.from({ length: 20 }, (_, index) => `u${index}`));
    let running = 0;
    let most = 0;
    let furthestAhead = 0;
    let finished = 0;
    await runCrawl({
      ...options,
      concurrency: adjustableLimit(3, 64),
      async observe({ url }) {
        running += 1;
        most = Math.max(most, running);
        furthestAhead = Math.max(furthestAhead, readCount() - finished);
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
        finished += 1;
        return observationOf(url);
      },
    });
    expect(most).toBe(3);
    expect(furthestAhead).toBeLessThanOrEqual(3);
  });

  it('scans more and fewer sites at a time from the moment it is told to', async () => {
    const { options, requestedUrls } = harness(Array.from({ length: 60 }, (_, index) => `u${index}`));
    const concurrency = adjustableLimit(2, 4);
    const running = { now: 0, most: [0, 0, 0] };
    let finished = 0;
    const phase = (): 0 | 1 | 2 => (finished < 20 ? 0 : finished < 40 ? 1 : 2);
    await runCrawl({
      ...options,
      concurrency,
      async observe({ url }) {
        running.now += 1;
        const at = phase();
        await new Promise((resolve) => setImmediate(resolve));
        if (at === phase()) running.most[at] = Math.max(running.most[at] ?? 0, running.now);
        running.now -= 1;
        finished += 1;
        if (finished === 20) concurrency.change(5);
        if (finished === 40) concurrency.change(-3);
        return observationOf(url);
      },
    });
    expect(running.most.slice(0, 2)).toEqual([2, 4]);
    expect(concurrency.current).toBe(1);
    expect(requestedUrls()).toHaveLength(60);
  });

  it('goes on after a site that breaks the browser, and says so in its result', async () => {
    const { options, lines } = harness(['good', 'bad', 'fine']);
    await runCrawl({
      ...options,
      async observe({ url }) {
        if (url === 'bad') throw new AppError('BROWSER_UNAVAILABLE', 'it crashed');
        return observationOf(url, 'ok');
      },
    });
    const reasons = lines
      .map((line) => JSON.parse(line) as SiteObservation)
      .map((one) => [one.requestedUrl, one.statusReason]);
    expect(Object.fromEntries(reasons)).toEqual({ good: 'ok', bad: 'browser_crashed', fine: 'ok' });
  });

  it('gives up when the browser breaks on one site after another', async () => {
    const { options, lines } = harness(Array.from({ length: 100 }, (_, index) => `u${index}`));
    const crawl = runCrawl({
      ...options,
      observe: () => Promise.reject(new AppError('BROWSER_UNAVAILABLE', 'no browser')),
    });
    await expect(crawl).rejects.toThrow('no browser');
    expect(lines.length).toBeLessThan(20);
  });

  it('stops on an interruption although a scan and the list do not end, and records nothing half done', async () => {
    const endless = (function* () {
      for (let index = 0; ; index += 1) yield `u${index}`;
    })();
    const { options, lines } = harness(endless);
    const interruption = new AbortController();
    const crawl = runCrawl({
      ...options,
      signal: interruption.signal,
      observe: () => {
        interruption.abort(new Error('interrupted'));
        return new Promise(() => undefined);
      },
    });
    await expect(crawl).rejects.toThrow('interrupted');
    expect(lines).toEqual([]);
  });
});
