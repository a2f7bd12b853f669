import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { accepts } from './problems-of.test.helper.ts';
import { hostNameSchema, scanUrlSchema, scanUrlSchemaFor } from './scan-url.ts';

describe('scanUrlSchema', () => {
  it('gives the normal form of a URL', () => {
    expect(scanUrlSchema.parse('HTTP://Example.COM:80/a#b')).toBe('http://example.com/a');
  });

  it.each([
    ['URL_INVALID', 'javascript:alert(1)'],
    ['URL_INVALID', 'http://user:secret@example.com'],
    ['ADDRESS_NOT_ALLOWED', 'http://169.254.169.254/latest/meta-data'],
    ['ADDRESS_NOT_ALLOWED', 'http://intranet/'],
  ])('says %s of %s, in words that repeat no secret', (code, url) => {
    const [issue] = scanUrlSchema.safeParse(url).error?.issues ?? [];
    expect(issue).toMatchObject({ code: 'custom', params: { code } });
    expect(issue?.message).toMatch(/^This (?:URL|address) .*\.$/);
    expect(issue?.message).not.toContain('secret');
  });

  it.each([null, 7, {}, ['https://example.com']])('refuses %j', (input) => {
    expect(accepts(scanUrlSchema, input)).toBe(false);
  });

  it('accepts private addresses only under that setting of the operator', () => {
    expect(accepts(scanUrlSchema, 'http://10.0.0.1:3000/')).toBe(false);
    expect(accepts(scanUrlSchemaFor({ allowPrivateNetworks: true }), 'http://10.0.0.1:3000/')).toBe(true);
  });

  it('gives the same when asked again', () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), (url) => {
        const { data } = scanUrlSchema.safeParse(url);
        if (data !== undefined) expect(scanUrlSchema.parse(data)).toBe(data);
      }),
    );
  });
});

describe('hostNameSchema', () => {
  it.each([
    ['example.com', 'example.com'],
    ['Shop.Example.COM.', 'shop.example.com'],
    ['пример.рф', 'xn--e1afmkfd.xn--p1ai'],
    ['93.184.216.34', '93.184.216.34'],
  ])('accepts %s', (text, expected) => {
    expect(hostNameSchema.parse(text)).toBe(expected);
  });

  it.each([
    '',
    'https://example.com',
    'example.com/path',
    'example.com:443',
    'user@example.com',
    'example.com?x',
    'example.com#x',
    'exa mple.com',
    'example.com\n',
    'localhost',
    'intranet',
    '127.0.0.1',
    '[::1]',
    '2130706433',
    'a..b',
    'x'.repeat(300),
  ])('refuses %j', (text) => {
    expect(accepts(hostNameSchema, text)).toBe(false);
  });
});
