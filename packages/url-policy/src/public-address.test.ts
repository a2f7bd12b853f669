import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addressVerdict, isPublicAddress } from './public-address.ts';

describe('an address of the public internet', () => {
  it.each([
    '93.184.216.34',
    '1.1.1.1',
    '2606:4700:4700::1111',
    '::ffff:93.184.216.34',
    '2a00:1450:4001:831::200e',
  ])('is %s', (address) => {
    expect(addressVerdict(address)).toEqual({ public: true });
  });

  it.each([
    ['0.0.0.0', 'unspecified'],
    ['0.1.2.3', 'unspecified'],
    ['10.0.0.1', 'private'],
    ['100.64.0.1', 'carrierGradeNat'],
    ['100.100.100.200', 'carrierGradeNat'],
    ['127.0.0.1', 'loopback'],
    ['127.255.255.254', 'loopback'],
    ['168.63.129.16', 'controlPlane'],
    ['::ffff:168.63.129.16', 'controlPlane'],
    ['169.254.169.254', 'linkLocal'],
    ['172.16.0.1', 'private'],
    ['172.31.255.255', 'private'],
    ['192.0.0.1', 'reserved'],
    ['192.0.2.1', 'reserved'],
    ['192.168.1.1', 'private'],
    ['198.18.0.1', 'reserved'],
    ['198.51.100.1', 'reserved'],
    ['203.0.113.1', 'reserved'],
    ['224.0.0.1', 'multicast'],
    ['240.0.0.1', 'reserved'],
    ['255.255.255.255', 'broadcast'],
    ['::', 'unspecified'],
    ['::1', 'loopback'],
    ['::ffff:127.0.0.1', 'loopback'],
    ['::ffff:7f00:1', 'loopback'],
    ['::127.0.0.1', 'loopback'],
    ['64:ff9b::7f00:1', 'rfc6052'],
    ['100::1', 'discard'],
    ['2001::1', 'teredo'],
    ['2001:db8::1', 'reserved'],
    ['2002:7f00:1::', '6to4'],
    ['3fff::1', 'reserved'],
    ['4000::1', 'reserved'],
    ['5f00::1', 'segmentRouting'],
    ['fc00::1', 'uniqueLocal'],
    ['fd00:ec2::254', 'uniqueLocal'],
    ['fe80::1', 'linkLocal'],
    ['fec0::1', 'deprecatedSiteLocal'],
    ['ff02::1', 'multicast'],
  ])('is not %s', (address, range) => {
    expect(addressVerdict(address)).toEqual({ public: false, range });
  });

  it.each([
    '',
    ' ',
    'example.com',
    '1.2.3.4:80',
    '[::1]',
    '1.2.3.4/24',
    'fe80::1%eth0',
    '1.2.3.256',
    '1.2.3.4\n',
  ])('is not %j, which is no address', (text) => {
    expect(isPublicAddress(text)).toBe(false);
  });

  it('is none of the private ones, however they are mapped into IPv6', () => {
    const byte = fc.integer({ min: 0, max: 255 });
    const networks = fc.constantFrom([10], [127], [169, 254], [192, 168], [172, 16], [0]);
    fc.assert(
      fc.property(networks, fc.array(byte, { minLength: 4, maxLength: 4 }), (network, rest) => {
        const address = [...network, ...rest].slice(0, 4).join('.');
        expect(isPublicAddress(address)).toBe(false);
        expect(isPublicAddress(`::ffff:${address}`)).toBe(false);
        expect(isPublicAddress(`::${address}`)).toBe(false);
      }),
    );
  });
});
