import { describe, expect, it } from '@jest/globals';
import { hostOf, shortUrl, siteOf, unicodeHost } from './web-address.ts';

describe('siteOf', () => {
  it.each([
    ['www.shop.co.uk', 'shop.co.uk'],
    ['.shop.example', 'shop.example'],
    ['alice.github.io', 'alice.github.io'],
    ['WWW.Shop.Example', 'shop.example'],
    ['203.0.113.7', '203.0.113.7'],
    ['localhost', 'localhost'],
  ])('puts %s into the site %s', (host, site) => {
    expect(siteOf(host)).toBe(site);
  });
});

describe('shortUrl', () => {
  it.each([
    ['https://a.example/', 'a.example'],
    ['https://a.example:8443/x.js?y=1#z', 'a.example:8443/x.js'],
    [`https://a.example/${'deep/'.repeat(20)}tag.js`, 'a.example/…/tag.js'],
    ['data:text/html,hello', 'data:text/html,hello'],
    ['not a url', 'not a url'],
    ['', ''],
  ])('shortens %j to %j', (url, short) => {
    expect(shortUrl(url)).toBe(short);
  });

  it('never gives more than a line of an endless address', () => {
    expect(shortUrl(`data:text/plain,${'😀'.repeat(9_000)}`)).toHaveLength(16 + 44 * 2 + 1);
    expect(shortUrl(`https://a.example/${'x'.repeat(9_000)}`).length).toBeLessThan(70);
  });
});

describe('hostOf', () => {
  it.each(['about:blank', 'data:,x', 'nonsense', ''])('finds no host in %j', (url) => {
    expect(hostOf(url)).toBeNull();
  });
});

describe('unicodeHost', () => {
  it.each([
    ['xn--bcher-kva.example', 'bücher.example'],
    ['shop.example', null],
    ['[::1]', null],
    ['xn--\u0000', null],
  ])('writes %j as %j', (host, unicode) => {
    expect(unicodeHost(host)).toBe(unicode);
  });
});
