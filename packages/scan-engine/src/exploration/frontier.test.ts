import { describe, expect, it } from '@jest/globals';
import { openFrontier, type Frontier } from './frontier.ts';

const SITE = 'https://shop.test';
const EVERYTHING = { depthMax: 3, samplesPerPatternMax: 10 };

const products = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${SITE}/p/${index + 1}`);

/** Takes pages until there is none. */
async function takeAll(
  frontier: Frontier,
  mayVisit: (url: string) => boolean = () => true,
): Promise<string[]> {
  const taken: string[] = [];
  for (;;) {
    const page = await frontier.take(async (url) => await Promise.resolve(mayVisit(url)));
    if (page === null) return taken.map((url) => url.slice(SITE.length));
    taken.push(page.url);
  }
}

describe('a frontier', () => {
  it('gives pages in the order in which they were found, each once', async () => {
    const frontier = openFrontier(EVERYTHING);
    frontier.offer([`${SITE}/b`, `${SITE}/a`, `${SITE}/b?utm_source=x`], 1);
    frontier.offer([`${SITE}/a`, `${SITE}/c`], 2);
    expect(await takeAll(frontier)).toEqual(['/b', '/a', '/c']);
  });

  it('gives the samples of a pattern that are wanted, and no more', async () => {
    const frontier = openFrontier({ ...EVERYTHING, samplesPerPatternMax: 3 });
    frontier.offer([...products(10_000), `${SITE}/about`], 1);
    expect((await takeAll(frontier)).sort()).toEqual(['/about', '/p/1', '/p/2', '/p/3']);
  });

  it('gives what looks new before more of the same, from other folders first', async () => {
    const frontier = openFrontier(EVERYTHING);
    frontier.offer(
      [`${SITE}/p/1`, `${SITE}/p/2`, `${SITE}/help/faq`, `${SITE}/help/contact`, `${SITE}/about`],
      1,
    );
    expect(await takeAll(frontier)).toEqual(['/p/1', '/help/faq', '/about', '/help/contact', '/p/2']);
  });

  it('gives what is near to the start page before what is far', async () => {
    const frontier = openFrontier(EVERYTHING);
    frontier.offer([`${SITE}/far`], 2);
    frontier.offer([`${SITE}/near`], 1);
    expect(await takeAll(frontier)).toEqual(['/near', '/far']);
  });

  it('goes no deeper than it may', async () => {
    const frontier = openFrontier({ ...EVERYTHING, depthMax: 1 });
    frontier.offer([`${SITE}/a`], 1);
    frontier.offer([`${SITE}/b`], 2);
    expect(await takeAll(frontier)).toEqual(['/a']);
  });

  it('passes over pages that may not be visited, and takes others of their pattern instead', async () => {
    const frontier = openFrontier({ ...EVERYTHING, samplesPerPatternMax: 2 });
    frontier.offer(products(10), 1);
    expect(await takeAll(frontier, (url) => !/\/[12]$/.test(url))).toEqual(['/p/3', '/p/4']);
  });

  it('does not give what was visited under another address', async () => {
    const frontier = openFrontier(EVERYTHING);
    frontier.offer([`${SITE}/a`, `${SITE}/b`], 1);
    frontier.markVisited(`${SITE}/a/`);
    frontier.offer([`${SITE}/a`], 1);
    expect(await takeAll(frontier)).toEqual(['/b']);
  });

  it('stays small, whatever the size of the site', () => {
    const frontier = openFrontier(EVERYTHING);
    const words = Array.from(
      { length: 100_000 },
      (_, index) => `${SITE}/${index.toString(26).replace(/\d/g, 'z')}`,
    );
    frontier.offer([...products(100_000), ...words], 1);
    expect(frontier.waiting().length).toBeLessThanOrEqual(2_000);
  });
});
