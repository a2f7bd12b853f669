import { describe, expect, it } from '@jest/globals';
import { fakeTarget } from '../fake-target.test.helper.ts';
import { readPageLinks } from './page-links.ts';

const LINK = ['https://shop.test/a', 'A', false];

/** Reads the links of a page whose script world answers with `value`. */
async function linksOf(value: unknown): Promise<unknown> {
  const { target } = fakeTarget({
    answers: {
      'Page.createIsolatedWorld': () => ({ executionContextId: 5 }),
      'Runtime.evaluate': () => ({ result: { value } }),
    },
  });
  return await readPageLinks(target.session, 'main');
}

describe('links of a page', () => {
  it('are those that it answers with, in its order', async () => {
    expect(await linksOf([LINK, ['https://shop.test/b', '', true]])).toEqual([
      { href: 'https://shop.test/a', text: 'A', isDownload: false },
      { href: 'https://shop.test/b', text: '', isDownload: true },
    ]);
  });

  it.each([null, undefined, 'https://shop.test/a', { length: 1 }])(
    'are none when the answer is %j',
    async (value) => {
      expect(await linksOf(value)).toEqual([]);
    },
  );

  it('leave out what is no link', async () => {
    expect(await linksOf([null, 1, {}, [], ['https://shop.test/a'], [1, '', false], LINK])).toEqual([
      { href: 'https://shop.test/a', text: 'A', isDownload: false },
    ]);
  });

  it('are none when the page is gone or too busy to answer', async () => {
    const gone = (): never => {
      throw new Error('Target closed');
    };
    const first = fakeTarget({ answers: { 'Page.createIsolatedWorld': gone } });
    const second = fakeTarget({ answers: { 'Runtime.evaluate': gone } });
    expect(await readPageLinks(first.target.session, 'main')).toEqual([]);
    expect(await readPageLinks(second.target.session, 'main')).toEqual([]);
  });
});
