import { describe, expect, it } from '@jest/globals';
import { pageAddressOf, pageKeyOf } from './page-address.ts';

function addressOf(href: string, text = '', isDownload = false): string | null {
  return pageAddressOf({ href, text, isDownload });
}

describe('the address of a page to visit', () => {
  it.each([
    'https://shop.test/',
    'http://shop.test:8080/a?b=c',
    'https://shop.test/page.html',
    'https://shop.test/blog/log-out-of-the-box',
    'https://shop.test/signed-offers',
    'https://shop.test/#/cart',
    'https://shop.test/#!cart',
  ])('is %s itself', (href) => {
    expect(addressOf(href)).toBe(href);
  });

  it('has no fragment that only names a place in the page', () => {
    expect(addressOf('https://shop.test/a#reviews')).toBe('https://shop.test/a');
  });

  it.each([
    'mailto:info@shop.test',
    'javascript:alert(1)',
    'tel:+4912345',
    'data:text/html,x',
    'file:///etc/passwd',
    'chrome://version',
    'ftp://shop.test/',
    'https://user:secret@shop.test/',
    `https://shop.test/${'x'.repeat(3_000)}`,
    '',
    'no address',
    'https://shop.test/terms.PDF',
    'https://shop.test/setup.exe?v=1',
    'https://shop.test/logout',
    'https://shop.test/account/log-out/',
    'https://shop.test/index.php?action=signout&next=%2F',
    'https://shop.test/Abmelden',
  ])('is none for %s', (href) => {
    expect(addressOf(href)).toBeNull();
  });

  it.each([
    'Log out',
    'Sign off',
    ' Abmelden ',
    '» Logout',
    'Se déconnecter',
    'Cerrar sesión',
    'Wyloguj się',
  ])('is none for a link that reads %s', (text) => {
    expect(addressOf('https://shop.test/session/end', text)).toBeNull();
  });

  it('is none for a link that the page calls a download', () => {
    expect(addressOf('https://shop.test/brochure', '', true)).toBeNull();
  });
});

describe('two addresses are one page', () => {
  it.each([
    ['https://shop.test/a', 'http://shop.test/a'],
    ['https://shop.test/a', 'https://SHOP.test:443/a/'],
    ['https://shop.test/', 'https://shop.test/index.html'],
    ['https://shop.test/a', 'https://shop.test/a?utm_source=x&gclid=1&fbclid=2'],
    ['https://shop.test/a?b=1&c=2', 'https://shop.test/a?c=2&b=1&utm_campaign=z'],
    ['https://shop.test/a', 'https://shop.test/a;jsessionid=99AB?PHPSESSID=4'],
    ['https://shop.test/a', 'https://shop.test/a#top'],
  ])('%s and %s', (one, other) => {
    expect(pageKeyOf(one)).toBe(pageKeyOf(other));
  });

  it.each([
    ['https://shop.test/a', 'https://shop.test/b'],
    ['https://shop.test/a', 'https://www.shop.test/a'],
    ['https://shop.test/a?id=1', 'https://shop.test/a?id=2'],
    ['https://shop.test/', 'https://shop.test/#/cart'],
    ['https://shop.test/a', 'https://shop.test:8443/a'],
  ])('but not %s and %s', (one, other) => {
    expect(pageKeyOf(one)).not.toBe(pageKeyOf(other));
  });
});
