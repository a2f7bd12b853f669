import { describe, expect, it } from '@jest/globals';
import { hostnameOf, isLoopbackAddress, isLoopbackHost } from './loopback.ts';

describe('isLoopbackAddress', () => {
  it.each(['127.0.0.1', '127.255.255.254', '::1', '::ffff:127.0.0.1', '::FFFF:127.0.0.1'])(
    '%s is',
    (address) => {
      expect(isLoopbackAddress(address)).toBe(true);
    },
  );
  it.each([
    undefined,
    '',
    '10.0.0.1',
    '128.0.0.1',
    '::',
    '::2',
    '::ffff:10.0.0.1',
    '127.evil.example',
    '127.0.0.1.',
  ])('%s is not', (address) => {
    expect(isLoopbackAddress(address)).toBe(false);
  });
});

describe('hostnameOf', () => {
  it.each([
    ['localhost', 'localhost'],
    ['LocalHost:8001', 'localhost'],
    ['[::1]:8001', '::1'],
    ['[::1]', '::1'],
    ['a_b.example:1', 'a_b.example'],
  ])('%s is %s', (header, hostname) => {
    expect(hostnameOf(header)).toBe(hostname);
  });
  it.each([
    '',
    ':8001',
    'a b',
    'a@b',
    'a/b',
    'a:b',
    'a:1:2',
    '::1',
    '[::1',
    '[x]',
    'a,b',
    'a:123456',
    'x'.repeat(254),
  ])('%j is no host', (header) => {
    expect(hostnameOf(header)).toBeNull();
  });
});

describe('isLoopbackHost', () => {
  it('knows the name and the addresses, and no name that only begins or ends like them', () => {
    expect(['localhost', '127.0.0.1', '::1'].every(isLoopbackHost)).toBe(true);
    expect(['localhost.evil.example', 'evil.localhost', '127.0.0.1.nip.io'].some(isLoopbackHost)).toBe(false);
  });
});
