import { scanParamsSchema, type ScanParamsInput } from '@cookie-scanner/contracts';
import { describe, expect, it } from '@jest/globals';
import { startDeadline } from '../deadline.ts';
import { openExploration, type Exploration } from './exploration.ts';
import { SiteFileError, type SiteFiles } from './site-file.ts';

const SITE = 'https://shop.test';
const START = `${SITE}/`;

/** A site that has these files for robots, by address; a number is a status, null no answer. */
function filesOf(files: Readonly<Record<string, string | number | null>>): SiteFiles & { asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    open: async (url) => {
      asked.push(url);
      const file = files[url] ?? (url in files ? null : 404);
      if (file === null) throw new SiteFileError('could not be reached');
      async function* chunks(): AsyncGenerator<Buffer> {
        if (typeof file === 'string') yield await Promise.resolve(Buffer.from(file));
      }
      return await Promise.resolve({ url, status: typeof file === 'number' ? file : 200, chunks: chunks() });
    },
    close: async () => await Promise.resolve(),
  };
}

interface Tour {
  readonly exploration: Exploration;
  readonly visited: string[];
}

/** Visits all pages of a site whose pages link to each other as told; each is shown at its own address. */
async function tour(
  links: Readonly<Record<string, readonly string[]>>,
  params: ScanParamsInput = {},
  files: SiteFiles = filesOf({}),
): Promise<Tour> {
  const exploration = openExploration({
    startUrl: START,
    params: scanParamsSchema.parse({ mode: 'standard', ...params }),
    files,
    deadline: startDeadline(60_000),
  });
  const visited: string[] = [];
  for (let page = await exploration.next(); page !== null; page = await exploration.next()) {
    visited.push(page.url);
    exploration.prepare(page.url);
    exploration.done({
      shownUrl: page.url,
      redirects: [],
      links: (links[page.url] ?? []).map((href) => ({ href, text: '', isDownload: false })),
    });
  }
  return { exploration, visited };
}

const urls = (...paths: string[]): string[] => paths.map((path) => SITE + path);

describe('an exploration', () => {
  it('begins at the start page and goes to pages of the same site', async () => {
    const { visited } = await tour({
      [START]: [...urls('/a', '/'), 'https://other.test/b', 'https://www.shop.test/c'],
    });
    expect(visited).toEqual([START, `${SITE}/a`, 'https://www.shop.test/c']);
  });

  it.each([
    [{ mode: 'quick' }, 1],
    [{ mode: 'standard' }, 4],
    [{ mode: 'deep' }, 25],
    [{ mode: 'quick', pagesMax: 6 }, 6],
    [{ mode: 'deep', pagesMax: 2 }, 2],
    [{ mode: 'deep', depthMax: 0 }, 1],
  ] as const)('as %j visits %d pages of a large site', async (params, count) => {
    const links = Array.from({ length: 40 }, (_, index) => `${SITE}/${'x'.repeat(index + 1)}`);
    expect((await tour({ [START]: links }, params)).visited).toHaveLength(count);
  });

  it('goes no deeper than it may', async () => {
    const chain = { [START]: urls('/one'), [`${SITE}/one`]: urls('/two'), [`${SITE}/two`]: urls('/three') };
    expect((await tour(chain, { depthMax: 2 })).visited).toEqual([START, ...urls('/one', '/two')]);
  });

  it('asks nobody about robots when it ends with the start page', async () => {
    const files = filesOf({});
    await tour({ [START]: urls('/a') }, { mode: 'quick' }, files);
    await tour({ [START]: urls('/a') }, { mode: 'deep', depthMax: 0 }, files);
    expect(files.asked).toEqual([]);
  });

  it('asks each host once, and only a deep one for sitemaps', async () => {
    const links = { [START]: urls('/a', '/b') };
    const standard = filesOf({});
    await tour(links, {}, standard);
    expect(standard.asked).toEqual([`${SITE}/robots.txt`]);
    const deep = filesOf({});
    await tour(links, { mode: 'deep' }, deep);
    expect(deep.asked).toEqual(urls('/robots.txt', '/sitemap.xml'));
  });

  it('leaves out what robots.txt closes, and says so', async () => {
    const files = filesOf({ [`${SITE}/robots.txt`]: 'User-agent: *\nDisallow: /a\nAllow: /a/b$' });
    const { exploration, visited } = await tour({ [START]: urls('/a', '/a/b', '/c') }, {}, files);
    expect(visited).toEqual([START, ...urls('/a/b', '/c')]);
    expect(exploration.skippedPages()).toEqual([{ url: `${SITE}/a`, reason: 'robots_disallowed' }]);
  });

  it('visits everything where robots.txt is missing, or to be ignored', async () => {
    const links = { [START]: urls('/a') };
    const closed = filesOf({ [`${SITE}/robots.txt`]: 'User-agent: *\nDisallow: /' });
    for (const [params, files] of [
      [{}, filesOf({})],
      [{ robots: 'ignore' }, closed],
    ] as const) {
      const { exploration, visited } = await tour(links, params, files);
      expect(visited).toEqual([START, `${SITE}/a`]);
      expect(exploration.notes()).toEqual([]);
    }
  });

  it.each([
    [503, 'was answered with 503'],
    [null, 'could not be reached'],
  ])('visits everything where robots.txt cannot be read (%s), and says so', async (answer, problem) => {
    const files = filesOf({ [`${SITE}/robots.txt`]: answer });
    const { exploration, visited } = await tour({ [START]: urls('/a') }, {}, files);
    expect(visited).toEqual([START, `${SITE}/a`]);
    expect(exploration.notes()).toEqual([expect.stringContaining(problem)]);
  });

  it('reads a long robots.txt no further than it must, and no rule that takes its time', async () => {
    const slow = `Disallow: ${'/*a'.repeat(100_000)}`;
    const long = `User-agent: *\n${slow}\nDisallow: /b\n${'#\n'.repeat(1_000_000)}Disallow: /c`;
    const files = filesOf({ [`${SITE}/robots.txt`]: long });
    const { visited } = await tour({ [START]: urls(`/${'a'.repeat(1_000)}`, '/b', '/c') }, {}, files);
    expect(visited).toEqual([START, `${SITE}/${'a'.repeat(1_000)}`, `${SITE}/c`]);
  });

  it('keeps the number of pages it knows within what it will visit', async () => {
    const links = Array.from({ length: 40 }, (_, index) => `${SITE}/${'x'.repeat(index + 1)}`);
    const { exploration } = await tour({ [START]: links });
    expect([exploration.pagesDone(), exploration.pagesKnown()]).toEqual([4, 4]);
  });

  it('ends with a start page that was not shown', async () => {
    const files = filesOf({});
    const params = scanParamsSchema.parse({ mode: 'deep' });
    const exploration = openExploration({ startUrl: START, params, files, deadline: startDeadline(60_000) });
    expect(await exploration.next()).toEqual({ url: START, depth: 0, siteUrl: null });
    exploration.done({ shownUrl: null, redirects: [], links: [] });
    expect(await exploration.next()).toBeNull();
    expect(files.asked).toEqual([]);
  });
});
