import { describe, expect, it } from '@jest/globals';
import { pagePatternOf } from './page-pattern.ts';

const SITE = 'https://shop.test';

describe('addresses look alike', () => {
  it.each([
    ['/p/1', '/p/10000'],
    ['/product-17.html', '/product-9.html'],
    ['/item?id=1', '/item?id=2'],
    ['/item?color=red&id=1', '/item?id=2&color=blue'],
    ['/2026/11/27/', '/2025/01/02/'],
    ['/u/3f2504e0-4f89-41d3-9a0c-0305e82c3301', '/u/00000000-0000-0000-0000-000000000000'],
    ['/c/9f86d081884c7d65', '/c/deadbeefdeadbeef'],
    ['/blog/how-to-bake-good-bread', '/blog/ten-reasons-to-stay-at-home'],
    ['/#/product/1', '/#/product/2'],
  ])('%s and %s', (one, other) => {
    expect(pagePatternOf(SITE + one).pattern).toBe(pagePatternOf(SITE + other).pattern);
  });

  it.each([
    ['/about', '/contact'],
    ['/p/1', '/q/1'],
    ['/p/1', '/p/1/reviews'],
    ['/search?q=a', '/search?page=2'],
    ['/о-нас', '/контакты'],
    ['/privacy-policy', '/terms-of-use'],
    ['/a%', '/b%'],
  ])('but not %s and %s', (one, other) => {
    expect(pagePatternOf(SITE + one).pattern).not.toBe(pagePatternOf(SITE + other).pattern);
  });

  it('within one host only', () => {
    expect(pagePatternOf('https://a.shop.test/p/1')).not.toEqual(pagePatternOf('https://b.shop.test/p/1'));
  });

  it('and share a folder with their neighbours', () => {
    expect(pagePatternOf(`${SITE}/help/faq`).folder).toBe(pagePatternOf(`${SITE}/help/contact`).folder);
    expect(pagePatternOf(`${SITE}/help/faq`).folder).not.toBe(pagePatternOf(`${SITE}/faq`).folder);
  });
});
