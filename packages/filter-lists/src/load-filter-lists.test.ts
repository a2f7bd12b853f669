import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadFilterLists, type FilterLists } from './load-filter-lists.ts';

const PAGE = 'https://www.shop.example/';

const ADS = `[Adblock Plus 2.0]
! Title: Ads
||adreach.example^
||good.example^
@@||good.example/allowed/
/banner/*$image
shop.example##.advertisement
`;
const TRACKERS = `||visitcount.example^$third-party,script
||adreach.example^$third-party
`;

describe('filter lists', () => {
  let folder: string;
  let lists: FilterLists;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lists-'));
    await writeFile(join(folder, 'ads.txt'), ADS);
    await writeFile(join(folder, 'trackers.txt'), TRACKERS);
    lists = await loadFilterLists([join(folder, 'ads.txt'), join(folder, 'trackers.txt')]);
  });
  afterAll(() => rm(folder, { recursive: true }));

  const rulesFor = (url: string, kind: 'script' | 'request' | 'host'): string[] =>
    lists.match([{ url, kind }], PAGE).map(({ list, rule }) => `${list}: ${rule}`);

  it('are named by their files', () => {
    expect(lists.names).toEqual(['ads.txt', 'trackers.txt']);
  });

  it.each([
    [
      'https://px.adreach.example/i?e=1',
      'request',
      ['ads.txt: ||adreach.example^', 'trackers.txt: ||adreach.example^$third-party'],
    ],
    [
      'https://adreach.example/',
      'host',
      ['ads.txt: ||adreach.example^', 'trackers.txt: ||adreach.example^$third-party'],
    ],
    [
      'https://cdn.visitcount.example/c.js',
      'script',
      ['trackers.txt: ||visitcount.example^$third-party,script'],
    ],
    ['https://www.shop.example/banner/1.png', 'request', ['ads.txt: /banner/*$image']],
  ] as const)('name %s (%s)', (url, kind, rules) => {
    expect(rulesFor(url, kind)).toEqual(rules);
  });

  it.each([
    ['an exception', 'https://good.example/allowed/x.js', 'script'],
    ['another type', 'https://www.shop.example/banner/1.js', 'script'],
    ['a name that only ends alike', 'https://notadreach.example/', 'host'],
    ['something that is no address', 'nonsense', 'script'],
  ] as const)('say nothing of %s', (_case, url, kind) => {
    expect(rulesFor(url, kind)).toEqual([]);
  });

  it('that are none say nothing', async () => {
    const none = await loadFilterLists([]);
    expect(none.match([{ url: 'https://px.adreach.example/', kind: 'host' }], PAGE)).toEqual([]);
  });

  it('are refused by name when they are missing or something else', async () => {
    const missing = join(folder, 'missing.txt');
    await expect(loadFilterLists([missing])).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: `FILTER_LISTS: ${missing} cannot be read`,
    });
    const empty = join(folder, 'empty.txt');
    await writeFile(empty, '! nothing but a comment\n');
    await expect(loadFilterLists([empty])).rejects.toMatchObject({
      message: expect.stringContaining('has no rule about addresses'),
    });
  });
});
