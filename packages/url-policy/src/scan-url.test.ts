import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { isPublicAddress } from './public-address.ts';
import { parseScanUrl } from './scan-url.ts';

function codeOf(text: string): string {
  try {
    parseScanUrl(text);
    return 'accepted';
  } catch (error) {
    return (error as { code: string }).code;
  }
}

describe('parseScanUrl', () => {
  it.each([
    ['https://example.com', 'https://example.com/'],
    ['HTTP://Example.COM:80/a?b=c#d', 'http://example.com/a?b=c'],
    ['https://shop.test:8443/x', 'https://shop.test:8443/x'],
    ['http://пример.рф', 'http://xn--e1afmkfd.xn--p1ai/'],
    ['https://example.com./', 'https://example.com./'],
    ['https://under_score.example.com/', 'https://under_score.example.com/'],
    ['http://example.com/%0d%0aSet-Cookie:x', 'http://example.com/%0d%0aSet-Cookie:x'],
    ['https://93.184.216.34/', 'https://93.184.216.34/'],
    ['https://1572395042/', 'https://93.184.216.34/'],
    ['https://[2606:4700:4700::1111]/', 'https://[2606:4700:4700::1111]/'],
    [' https://example.com/ ', 'https://example.com/'],
    ['https://example.com#<script>alert(1)</script>', 'https://example.com/'],
    ['http://\u0430pple.com', 'http://xn--pple-43d.com/'],
    ['http://\u{1f36a}.example.com', 'http://xn--hj8h.example.com/'],
    ['http://example.com\\@127.0.0.1', 'http://example.com/@127.0.0.1'],
    ['https://example.com:443/', 'https://example.com/'],
    ['http://example.com:8080/', 'http://example.com:8080/'],
    ['http://127.0.0.1.example.com/', 'http://127.0.0.1.example.com/'],
  ])('accepts %s and normalises it', (text, expected) => {
    expect(parseScanUrl(text).href).toBe(expected);
  });

  it.each([
    '',
    ' ',
    'not a url',
    'example.com',
    'http://',
    'http:///x',
    'javascript:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    'ftp://example.com',
    'chrome://version',
    'view-source:http://x.com',
    'about:blank',
    'ws://example.com',
    'ht\ntp://example.com',
    'http:\\\\example.com',
    'http://user:pass@example.com',
    'http://example.com@127.0.0.1',
    'http://example.com:22',
    'http://example.com:6379',
    'http://example.com:65536',
    'http://example.com:0',
    'http://example.com:-1',
    `http://${'a'.repeat(64)}.com`,
    'http://a..b',
    `http://${'abcdefgh.'.repeat(30)}com`,
    `http://example.com/${'x'.repeat(8_200)}`,
    'http://[fe80::1%25eth0]',
    'http://exa mple.com',
    'http://exa\tmple.com',
    'http://example.com/a\nb',
    'http://example.com/\u0000',
    'http://example.com%00.evil.test',
    'http://example%2ecom%2f@evil.test',
    'http://@example.com@evil.test',
    'http://:secret@example.com',
    'http://[::1',
    'http://[::g]',
    'http://1.2.3.4.5',
    'http://256.256.256.256',
    'http://example.com:99999',
    'http://example.com:25',
    'http://exam!ple.com',
    'http://.',
    'http:example.com',
    'http:/example.com',
    '//example.com',
    'blob:https://example.com/1',
    'filesystem:https://example.com/x',
    'devtools://devtools/bundled/inspector.html',
  ])('refuses %j as a URL that cannot be scanned', (text) => {
    expect(codeOf(text)).toBe('URL_INVALID');
  });

  it.each([
    'http://127.0.0.1',
    'http://localhost',
    'http://LOCALHOST.',
    'http://[::1]',
    'http://[::]',
    'http://2130706433',
    'http://0x7f000001',
    'http://0177.0.0.1',
    'http://127.1',
    'http://0',
    'http://[::ffff:127.0.0.1]',
    'http://[::ffff:7f00:1]',
    'http://[::127.0.0.1]',
    'http://[64:ff9b::7f00:1]',
    'http://[2002:7f00:1::]',
    'http://10.0.0.1',
    'http://172.16.0.1',
    'http://192.168.1.1',
    'http://100.64.0.1',
    'http://169.254.1.1',
    'http://198.18.0.1',
    'http://224.0.0.1',
    'http://255.255.255.255',
    'http://240.0.0.1',
    'http://169.254.169.254/latest/meta-data',
    'http://metadata.google.internal',
    'http://[fd00:ec2::254]',
    'http://100.100.100.200',
    'http://168.63.129.16',
    'http://intranet/',
    'http://foo.local',
    'http://x.onion',
    'http://①②⑦.0.0.1',
    'http://127。0。0。1',
    'http://0x7f.1',
    'http://017700000001',
    'http://127.0.0.1.',
    'http://%31%32%37.0.0.1',
    'http://[::ffff:a00:1]',
    'http://[fe80::1]',
    'http://[fc00::1]',
    'http://[fec0::1]',
    'http://[ff02::1]',
    'http://[2001::1]',
    'http://[2001:db8::1]',
    'http://a.localhost',
    'http://metadata.GOOGLE.internal.',
    'http://router.lan',
    'http://nas.home.arpa',
    'http://x.alt',
  ])('refuses %j as an address that must not be scanned', (text) => {
    expect(codeOf(text)).toBe('ADDRESS_NOT_ALLOWED');
  });

  it('accepts private addresses only where the operator allows them', () => {
    expect(parseScanUrl('http://10.0.0.1:3000/', { allowPrivateNetworks: true }).host).toBe('10.0.0.1:3000');
  });

  it('takes a URL of 2,000 parameters, which is not too long', () => {
    const query = Array.from({ length: 2_000 }, (_, index) => `${index % 10}=`).join('&');
    expect(codeOf(`https://example.com/?${query}`)).toBe('accepted');
  });

  it('says in its message what is wrong, without the credentials', () => {
    expect(() => parseScanUrl('https://ann:hunter2@example.com/')).toThrow(
      /^(?!.*hunter2).*user name or password/,
    );
  });

  it('gives the same URL when asked again', () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), (text) => {
        if (codeOf(text) !== 'accepted') return;
        const { href } = parseScanUrl(text);
        expect(parseScanUrl(href).href).toBe(href);
      }),
    );
  });

  it('never accepts a literal that stands for an address outside the public internet, however it is written', () => {
    const byte = fc.integer({ min: 0, max: 255 });
    const part = (value: number, base: number) =>
      base === 16 ? `0x${value.toString(16)}` : base === 8 ? `0${value.toString(8)}` : String(value);
    fc.assert(
      fc.property(
        fc.tuple(byte, byte, byte, byte),
        fc.constantFrom(8, 10, 16),
        fc.boolean(),
        (bytes, base, inOne) => {
          const number = bytes.reduce((sum, value) => sum * 256 + value, 0);
          const host = inOne ? part(number, base) : bytes.map((value) => part(value, base)).join('.');
          expect(codeOf(`http://${host}/`) === 'accepted').toBe(isPublicAddress(bytes.join('.')));
        },
      ),
    );
  });

  it('never accepts a host that is neither a name with a dot nor a public address, whatever comes', () => {
    const letter = fc.constantFrom(
      ...'ab1.:/@[]%\\-_~0x '.split(''),
      '\t',
      '\u3002',
      '\uff0e',
      '\u2460',
      '\u00df',
    );
    fc.assert(
      fc.property(fc.string({ unit: letter, maxLength: 14 }), (text) => {
        const url = `http://${text}`;
        if (codeOf(url) !== 'accepted') return;
        const host = parseScanUrl(url)
          .hostname.replace(/^\[|\]$/g, '')
          .replace(/\.$/, '');
        if (ipaddr.isValid(host)) expect(isPublicAddress(host)).toBe(true);
        else expect(host).toMatch(/^[a-z0-9_-]+(?:\.[a-z0-9_-]+)+$/);
      }),
      { numRuns: 1_000 },
    );
  });
});
