import { describe, expect, it } from '@jest/globals';
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
  ])('refuses %j as an address that must not be scanned', (text) => {
    expect(codeOf(text)).toBe('ADDRESS_NOT_ALLOWED');
  });

  it('accepts private addresses only where the operator allows them', () => {
    expect(parseScanUrl('http://10.0.0.1:3000/', { allowPrivateNetworks: true }).host).toBe('10.0.0.1:3000');
  });
});
