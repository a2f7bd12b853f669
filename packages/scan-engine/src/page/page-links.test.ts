import { describe, expect, it } from '@jest/globals';
import { fakeTarget } from '../fake-target.test.helper.ts';
import { readSiteLinks } from './page-links.ts';

const PAGE = 'https://www.shop.test/';

/** Reads the links of a page whose script world answers with `value`. */
async function linksOf(value: unknown, startUrl = PAGE): Promise<string[]> {
  const { target } = fakeTarget({
    answers: {
      'Page.createIsolatedWorld': () => ({ executionContextId: 5 }),
      'Runtime.evaluate': () => ({ result: { value } }),
    },
  });
  return await readSiteLinks(target.session, 'main', startUrl);
}

describe('links to follow', () => {
  it('are those of the same site, whatever its host, scheme and port, in the order of the page', async () => {
    const links = [
      'https://shop.test/b',
      'https://www.shop.test/a',
      'http://shop.test/c',
      'https://img.shop.test:8443/d',
    ];
    expect(await linksOf(links)).toEqual(links);
  });

  it.each([
    'https://other.test/',
    'https://myshop.test/',
    'https://www.shop.test.evil.test/',
    'https://www.shop.test@evil.test/',
    'mailto:info@shop.test',
    'javascript:alert(1)',
    'tel:+4912345',
    'data:text/html,x',
    'file:///etc/passwd',
    'chrome://version',
    'ftp://shop.test/',
    '',
    'no address',
  ])('are not %j', async (link) => {
    expect(await linksOf([link])).toEqual([]);
  });

  it('are each named once, without the fragment, and do not lead back to the start page', async () => {
    expect(
      await linksOf([
        'https://www.shop.test/a#top',
        'https://www.shop.test/a#end',
        'https://www.shop.test/#menu',
        PAGE,
      ]),
    ).toEqual(['https://www.shop.test/a']);
  });

  it('do not lead back to the start page either when it was left at a fragment', async () => {
    expect(await linksOf([PAGE, `${PAGE}#menu`], `${PAGE}#cart`)).toEqual([]);
  });

  it('keep to one customer of a hosting service', async () => {
    expect(await linksOf(['https://bob.github.io/'], 'https://alice.github.io/')).toEqual([]);
  });

  it.each([
    null,
    undefined,
    'https://www.shop.test/a',
    { length: 1 },
    [null, 1, {}, ['https://www.shop.test/a']],
  ])('are none when the answer is %j', async (value) => {
    expect(await linksOf(value)).toEqual([]);
  });

  it('are none when the page is gone or too busy to answer', async () => {
    const gone = (): never => {
      throw new Error('Target closed');
    };
    const first = fakeTarget({ answers: { 'Page.createIsolatedWorld': gone } });
    const second = fakeTarget({ answers: { 'Runtime.evaluate': gone } });
    expect(await readSiteLinks(first.target.session, 'main', PAGE)).toEqual([]);
    expect(await readSiteLinks(second.target.session, 'main', PAGE)).toEqual([]);
  });
});
