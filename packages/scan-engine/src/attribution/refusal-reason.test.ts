import { describe, expect, it } from '@jest/globals';
import { parseCookieLine } from '../collectors/cookie-line.ts';
import { refusalReason } from './refusal-reason.ts';

function reasonFor(line: string, address = 'https://www.shop.test/'): string {
  return refusalReason(parseCookieLine(line, address, 0), address);
}

describe('refusalReason', () => {
  it.each([
    ['=', 'NoCookieContent'],
    ['; Path=/', 'NoCookieContent'],
    [`big=${'x'.repeat(4_094)}`, 'NameValuePairExceedsMaxSize'],
    [`big=${'é'.repeat(2_047)}`, 'NameValuePairExceedsMaxSize'],
    ['__Host-id=1; Path=/', 'InvalidPrefix'],
    ['__Host-id=1; Secure; Path=/; Domain=shop.test', 'InvalidPrefix'],
    ['__Host-id=1; Secure; Path=/sub', 'InvalidPrefix'],
    ['__hOsT-id=1; Path=/', 'InvalidPrefix'],
    ['__Secure-id=1', 'InvalidPrefix'],
    ['id=1; Domain=other.test', 'InvalidDomain'],
    ['id=1; Domain=test', 'InvalidDomain'],
    ['id=1; Domain=hop.test', 'InvalidDomain'],
    ['id=1; Domain=deeper.www.shop.test', 'InvalidDomain'],
    ['id=1; SameSite=None', 'SameSiteNoneInsecure'],
    ['id=1; Partitioned', 'SecureOnly'],
  ])('of %j is %s', (line, reason) => {
    expect(reasonFor(line)).toBe(reason);
  });

  it.each(['id=1; Domain=co.uk', 'id=1; Domain=uk'])(
    'keeps %j from being set for a public suffix',
    (line) => {
      expect(reasonFor(line, 'https://www.shop.co.uk/')).toBe('InvalidDomain');
    },
  );

  it('keeps a customer of a hosting service from setting cookies for all of them', () => {
    expect(reasonFor('id=1; Domain=github.io', 'https://alice.github.io/')).toBe('InvalidDomain');
  });

  it('is SecureOnly for a secure cookie on a page that is not', () => {
    expect(reasonFor('id=1; Secure', 'http://www.shop.test/')).toBe('SecureOnly');
  });

  it.each([
    'id=1',
    'id=1; Domain=shop.test',
    'id=1; Domain=.www.shop.test',
    'id=1; Secure; SameSite=None',
    '__Host-id=1; Secure; Path=/',
    '__Secure-id=1; Secure; Domain=shop.test',
    `big=${'x'.repeat(4_093)}`,
    'id=1; Secure; Partitioned',
  ])('has no rule against %j', (line) => {
    expect(reasonFor(line)).toBe('NotStored');
  });

  it('does not fail on an address that is none', () => {
    expect(reasonFor('id=1; Domain=shop.test', 'about:blank')).toBe('InvalidDomain');
    expect(reasonFor('id=1; Domain=shop.test', '')).toBe('NotStored');
  });
});
