import { describe, expect, it } from '@jest/globals';
import { isSameSite, siteOf } from './site.ts';

describe('siteOf', () => {
  it.each([
    ['https://www.shop.test/path?x=1', 'shop.test'],
    ['shop.test', 'shop.test'],
    ['.shop.test', 'shop.test'],
    ['shop.test.', 'shop.test'],
    ['SHOP.Test', 'shop.test'],
    ['https://shop.test:8443/', 'shop.test'],
    ['wss://live.shop.test/ticks', 'shop.test'],
    ['https://a.b.example.co.uk/', 'example.co.uk'],
    ['https://user.github.io/', 'user.github.io'],
    ['https://xn--mnchen-3ya.example.xn--p1ai/', 'example.xn--p1ai'],
  ])('of %s is %s', (address, site) => {
    expect(siteOf(address)).toBe(site);
  });

  it.each([
    ['http://127.0.0.1:8080/', '127.0.0.1'],
    ['192.0.2.1', '192.0.2.1'],
    ['http://localhost:3000/', 'localhost'],
    ['co.uk', 'co.uk'],
    ['github.io', 'github.io'],
  ])('of %s, which has no registrable domain, is itself: %s', (address, site) => {
    expect(siteOf(address)).toBe(site);
  });

  it.each(['about:blank', 'data:text/html,x', ''])(
    'of %j, which belongs to no host, is empty or the text',
    (address) => {
      expect(['', address]).toContain(siteOf(address));
    },
  );
});

describe('isSameSite', () => {
  it('joins hosts below one registrable domain, whatever their scheme and port', () => {
    expect(isSameSite('http://shop.test/', 'https://img.shop.test:8443/a.png')).toBe(true);
  });

  it.each([
    ['https://shop.test/', 'https://myshop.test/'],
    ['https://alice.github.io/', 'https://bob.github.io/'],
    ['https://shop.co.uk/', 'https://other.co.uk/'],
    ['http://127.0.0.1/', 'http://127.0.0.2/'],
  ])('separates %s from %s', (one, other) => {
    expect(isSameSite(one, other)).toBe(false);
  });
});
